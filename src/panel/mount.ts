import type { Handler, PanelElement, PanelNode } from './element.ts';

/** Changes the page so that it shows the described nodes, touching only what differs. */
export interface Mount {
  update(nodes: readonly PanelNode[]): void;
}

interface Mounted {
  readonly node: Element;
  description: PanelElement;
}

/**
 * Shows descriptions below `container`. Elements are kept over updates by key, else by place and tag: a figure that
 * ticks neither steals the focus nor closes an open row.
 */
export function createMount(container: Element): Mount {
  const mounted = new WeakMap<Node, Mounted>();
  /** Drawings know their size only once they are in the page. */
  let live: [HTMLElement, (node: HTMLElement) => void][] = [];
  const document = container.ownerDocument;

  const handle = (event: Event): void => {
    if (!(event.currentTarget instanceof Element)) return;
    mounted.get(event.currentTarget)?.description.on[event.type]?.(event);
  };

  const create = (description: PanelNode): Node => {
    if (typeof description === 'string') return document.createTextNode(description);
    const node = document.createElement(description.tag);
    mounted.set(node, { node, description: { ...description, attributes: {}, on: {} } });
    change(node, description);
    return node;
  };

  const change = (node: Element, next: PanelElement): void => {
    const before = mounted.get(node)?.description;
    setAttributes(node, before?.attributes ?? {}, next.attributes);
    setHandlers(node, before?.on ?? {}, next.on, handle);
    mounted.set(node, { node, description: next });
    if (next.live === undefined) fill(node, next.children);
    else if (node instanceof HTMLElement) live.push([node, next.live]);
  };

  const fits = (node: Node, next: PanelNode): boolean => {
    if (typeof next === 'string') return node instanceof Text;
    const description = mounted.get(node)?.description;
    return description !== undefined && description.tag === next.tag && description.key === next.key;
  };

  const fill = (parent: Element, children: readonly PanelNode[]): void => {
    const byKey = new Map<string, Node>();
    for (const node of parent.childNodes) {
      const key = mounted.get(node)?.description.key;
      if (key !== undefined) byKey.set(key, node);
    }
    let place: ChildNode | null = parent.firstChild;
    for (const child of children) {
      const kept = typeof child === 'string' || child.key === undefined ? undefined : byKey.get(child.key);
      const reused =
        kept !== undefined && fits(kept, child) ? kept : place !== null && fits(place, child) ? place : undefined;
      const node: Node = reused ?? create(child);
      if (reused !== undefined) {
        if (typeof child === 'string') setText(reused, child);
        else if (reused instanceof Element) change(reused, child);
      }
      if (node === place) place = place.nextSibling;
      else parent.insertBefore(node, place);
    }
    while (place !== null) {
      const surplus = place;
      place = place.nextSibling;
      surplus.remove();
    }
  };

  return {
    update: (nodes) => {
      fill(container, nodes);
      const drawings = live;
      live = [];
      for (const [node, draw] of drawings) draw(node);
    },
  };
}

function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

function setAttributes(node: Element, before: PanelElement['attributes'], next: PanelElement['attributes']): void {
  for (const name of Object.keys(before)) if (!(name in next)) node.removeAttribute(name);
  for (const [name, value] of Object.entries(next)) {
    if (before[name] === value) continue;
    if (value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
}

function setHandlers(node: Element, before: PanelElement['on'], next: PanelElement['on'], handle: Handler): void {
  for (const type of Object.keys(before)) if (!(type in next)) node.removeEventListener(type, handle);
  for (const type of Object.keys(next)) if (!(type in before)) node.addEventListener(type, handle);
}
