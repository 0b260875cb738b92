import { element, type Handler, type PanelElement, type PanelNode } from './element.ts';

export function button(label: string, kind: 'primary' | 'secondary' | 'link', onClick: Handler): PanelElement {
  return element('button', kind, [label], { on: { click: onClick }, attributes: { type: 'button' } });
}

/**
 * A message across the page: what is the matter and what can be done.
 * @param role `alert` is read out at once, `status` when there is time
 */
export function message(
  kind: string,
  role: 'status' | 'alert' | 'note',
  title: string,
  paragraphs: readonly string[],
  actions: readonly PanelNode[],
): PanelElement {
  return element(
    'section',
    `message ${kind}`,
    [
      title === '' ? undefined : element('h2', '', [title]),
      ...paragraphs.map((text) => element('p', '', [text])),
      actions.length === 0 ? undefined : element('div', 'actions', actions),
    ],
    { key: `message-${kind}`, attributes: { role } },
  );
}
