import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { NodeRole } from '../language/languageTable.ts';
import type { Grammar } from './createSyntax.ts';

type Tree = InstanceType<typeof TreeSitter.Tree>;
type TreeCursor = InstanceType<typeof TreeSitter.TreeCursor>;

/** A node on the way from the root to a literal. */
export interface Frame {
  readonly role: NodeRole | undefined;
  readonly start: number;
  readonly end: number;
  /** This node is the value of the frame around it, and not its key, name or target. */
  readonly isValue: boolean;
}

/** What the visitor does at a node with the stack that ends in it: stop there, or go on towards the offset. */
export type VisitStep = 'descend' | 'done';
export type Visit = (frames: readonly Frame[], offset: number) => VisitStep;

/**
 * Visits the nodes that contain the offsets, and nothing else: a subtree without one is stepped over.
 * `offsets` must ascend. `visit` is called from the root down for every node with a role, with all frames to it;
 * and with the offset; when it says `done`, later offsets inside that node are skipped.
 */
export function visitOffsets(tree: Tree, grammar: Grammar, offsets: Iterable<number>, visit: Visit): void {
  const cursor = tree.walk();
  try {
    const walk: Walk = { cursor, grammar, nodes: tree.rootNode.descendantCount, stack: [], fields: [] };
    push(walk);
    let doneUntil = -1;
    for (const offset of offsets) {
      if (offset < doneUntil) continue;
      if (!advance(walk, offset)) return;
      doneUntil = descend(walk, offset, visit);
    }
  } finally {
    cursor.delete();
  }
}

/** A cursor with the frames and value fields of the nodes from the root to it. */
interface Walk {
  readonly cursor: TreeCursor;
  readonly grammar: Grammar;
  /** How many nodes the tree has. */
  readonly nodes: number;
  readonly stack: Frame[];
  readonly fields: number[];
}

function valueField(cursor: TreeCursor, grammar: Grammar): number {
  return grammar.valueFields[cursor.nodeTypeId] ?? 0;
}

function frameAt(cursor: TreeCursor, grammar: Grammar, parentValueField: number): Frame {
  return {
    role: grammar.roles[cursor.nodeTypeId],
    start: cursor.startIndex,
    end: cursor.endIndex,
    isValue: parentValueField === 0 || cursor.currentFieldId === parentValueField,
  };
}

/** Siblings stepped over one by one before the right one is searched for. */
const nearSiblings = 12;

/** Moves to the first sibling from here on that ends after `offset`; false where there is none. */
function toSibling(cursor: TreeCursor, offset: number, nodes: number): boolean {
  for (let steps = 0; cursor.endIndex <= offset; steps++) {
    if (steps === nearSiblings) return farSibling(cursor, offset, nodes);
    if (!cursor.gotoNextSibling()) return false;
  }
  return true;
}

/** By bisection over all nodes, which are numbered in the order of their start. */
function farSibling(cursor: TreeCursor, offset: number, nodes: number): boolean {
  const depth = cursor.currentDepth;
  let low = cursor.currentDescendantIndex;
  let high = nodes - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    cursor.gotoDescendant(middle);
    if (cursor.startIndex <= offset) low = middle;
    else high = middle - 1;
  }
  cursor.gotoDescendant(low);
  while (cursor.currentDepth > depth) cursor.gotoParent();
  return cursor.endIndex > offset || cursor.gotoNextSibling();
}

/** Leaves the nodes that end before `offset`. False at the end of the tree. */
function advance(walk: Walk, offset: number): boolean {
  const { cursor, stack, fields, nodes } = walk;
  while ((stack.at(-1)?.end ?? 0) <= offset) {
    stack.pop();
    fields.pop();
    const parent = stack.at(-1);
    const moved = parent !== undefined && parent.end > offset && toSibling(cursor, offset, nodes);
    if (moved) push(walk);
    else if (!cursor.gotoParent()) return false;
  }
  return true;
}

function push({ cursor, grammar, stack, fields }: Walk): void {
  stack.push(frameAt(cursor, grammar, fields.at(-1) ?? 0));
  fields.push(valueField(cursor, grammar));
}

/** What lies deeper was written by a program: a sum of a thousand texts is two thousand nodes deep. */
const mostDepth = 2_000;

/** Goes down to `offset`; returns where what was visited ends. */
function descend(walk: Walk, offset: number, visit: Visit): number {
  const { cursor, stack, nodes } = walk;
  for (;;) {
    const top = stack.at(-1);
    if (!top || top.start > offset) return -1;
    if (top.role !== undefined && visit(stack, offset) === 'done') return top.end;
    if (stack.length === mostDepth || !cursor.gotoFirstChild()) return -1;
    if (!toSibling(cursor, offset, nodes)) {
      cursor.gotoParent();
      return -1;
    }
    push(walk);
  }
}
