/** What a handler gets; enough for buttons, rows and selects. */
export type Handler = (event: Event) => void;

/** Attributes as they stand in HTML; `false` and `undefined` leave one out, `true` is the bare attribute. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A description of an element. There is no way to give markup: text is always text. */
export interface PanelElement {
  readonly tag: string;
  /** Tells siblings apart over updates, so that focus and open details stay with their row. */
  readonly key: string | undefined;
  readonly attributes: Attributes;
  readonly on: Readonly<Record<string, Handler>>;
  readonly children: readonly PanelNode[];
  /** Fills the element itself, at every update: for a drawing. It has no children of its own then. */
  readonly live: ((node: HTMLElement) => void) | undefined;
}

export type PanelNode = PanelElement | string;

export interface ElementOptions {
  readonly key?: string;
  readonly on?: Readonly<Record<string, Handler>>;
  readonly attributes?: Attributes;
  readonly live?: (node: HTMLElement) => void;
}

/** `element('td', 'number', ['$1.24'])`: tag, class, children. Children that are `undefined` are left out. */
export function element(
  tag: string,
  className: string,
  children: readonly (PanelNode | undefined)[] = [],
  options: ElementOptions = {},
): PanelElement {
  return {
    tag,
    key: options.key,
    attributes: className === '' ? { ...options.attributes } : { class: className, ...options.attributes },
    on: options.on ?? {},
    children: children.filter((child) => child !== undefined),
    live: options.live,
  };
}

/** All text below a node, in order: what a test or a screen reader reads. */
export function textOf(node: PanelNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}
