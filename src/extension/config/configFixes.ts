import { findNodeAtOffset, getNodePath, type Node, parseTree } from 'jsonc-parser';
import type { ConfigProblem } from '../../config/config.ts';
import { knownKeys } from '../../config/knownKeys.ts';
import { nearestName } from '../../config/nearestName.ts';
import type { Span } from '../../detect/finding.ts';

/** An edit that takes a problem of `tollgate.jsonc` away. */
export type ConfigFix =
  | { readonly kind: 'rename'; readonly span: Span; readonly newText: string; readonly name: string }
  /** The key's text goes; `secretName` is what is to be stored under, where the place says so. */
  | { readonly kind: 'removeSecret'; readonly span: Span; readonly newText: string; readonly secretName?: string };

/** The fix of a problem, for the text that it was found in; undefined where there is none that needs no thought. */
export function configFix(text: string, problem: Pick<ConfigProblem, 'code' | 'start' | 'end'>): ConfigFix | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root && findNodeAtOffset(root, problem.start, true);
  if (problem.code === 'unknownKey') return node && renameKey(node);
  if (problem.code === 'secretInFile') return removeSecret(problem, node);
  return undefined;
}

function renameKey(node: Node): ConfigFix | undefined {
  const written: unknown = node.value;
  if (node.parent?.type !== 'property' || typeof written !== 'string') return undefined;
  const name = nearestName(written, knownKeys(getNodePath(node).slice(0, -1)));
  if (name === undefined) return undefined;
  return { kind: 'rename', span: spanOf(node), newText: JSON.stringify(name), name };
}

function removeSecret({ start, end }: Span, node: Node | undefined): ConfigFix {
  const path = node ? getNodePath(node) : [];
  const [section, provider, key] = path;
  if (node && section === 'providers' && typeof provider === 'string' && key === 'apiKey')
    return {
      kind: 'removeSecret',
      span: spanOf(node),
      newText: JSON.stringify(`secret:${provider}`),
      secretName: provider,
    };
  return { kind: 'removeSecret', span: { start, end }, newText: '' };
}

function spanOf({ offset, length }: Node): Span {
  return { start: offset, end: offset + length };
}
