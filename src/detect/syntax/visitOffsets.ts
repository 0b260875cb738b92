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

/**
 * Visits the nodes that contain the offsets, and nothing else: a subtree without one is stepped over.
 * `offsets` must ascend. `visit` is called from the root down for every node with a role, with all frames to it;
 * when it says `done`, later offsets inside that node are skipped.
 */
export function visitOffsets(
  tree: Tree,
  grammar: Grammar,
  offsets: Iterable<number>,
  visit: (frames: readonly Frame[]) => VisitStep,
): void {
  const cursor = tree.walk();
  try {
    const stack: Frame[] = [frameAt(cursor, grammar, 0)];
    const fields: number[] = [valueField(cursor, grammar)];
    let doneUntil = -1;
    for (const offset of offsets) {
      if (offset < doneUntil) continue;
      if (!advance(cursor, grammar, offset, stack, fields)) return;
      doneUntil = descend(cursor, grammar, offset, stack, fields, visit);
    }
  } finally {
    cursor.delete();
  }
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

/** Leaves the nodes that end before `offset`. False at the end of the tree. */
function advance(cursor: TreeCursor, grammar: Grammar, offset: number, stack: Frame[], fields: number[]): boolean {
  while ((stack.at(-1)?.end ?? 0) <= offset) {
    stack.pop();
    fields.pop();
    let moved = cursor.gotoNextSibling();
    while (moved && cursor.endIndex <= offset) moved = cursor.gotoNextSibling();
    if (moved) push(cursor, grammar, stack, fields);
    else if (!cursor.gotoParent()) return false;
  }
  return true;
}

function push(cursor: TreeCursor, grammar: Grammar, stack: Frame[], fields: number[]): void {
  stack.push(frameAt(cursor, grammar, fields.at(-1) ?? 0));
  fields.push(valueField(cursor, grammar));
}

/** Goes down to `offset`; returns where what was visited ends. */
function descend(
  cursor: TreeCursor,
  grammar: Grammar,
  offset: number,
  stack: Frame[],
  fields: number[],
  visit: (frames: readonly Frame[]) => VisitStep,
): number {
  for (;;) {
    const top = stack.at(-1);
    if (!top || top.start > offset) return -1;
    if (top.role !== undefined && visit(stack) === 'done') return top.end;
    if (!cursor.gotoFirstChild()) return -1;
    let found = true;
    while (found && cursor.endIndex <= offset) found = cursor.gotoNextSibling();
    if (!found) {
      cursor.gotoParent();
      return -1;
    }
    push(cursor, grammar, stack, fields);
  }
}
