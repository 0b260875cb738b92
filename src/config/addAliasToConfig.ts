import { findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import { configFileName } from './config.ts';
import { createConfigText } from './createConfigText.ts';
import { aliasTaken, configBroken } from './errors.ts';
import { insertProperty, layoutOf } from './insertProperty.ts';
import { parseJsonText } from './jsonTree.ts';

/**
 * Adds the alias `name` for `target` to the text of a `tollgate.jsonc`; comments and formatting stay as they are.
 * A text that has the alias with that target first is returned as it is.
 * @param text undefined where there is no file yet
 * @param target `provider/model`
 * @throws ConfigNotEditable where the text is no JSONC object, or the name stands for something else
 */
export function addAliasToConfig(text: string | undefined, name: string, target: string): string {
  const base = text === undefined || text.trim() === '' ? createConfigText() : text;
  const { root, problems } = parseJsonText(base);
  if (root?.type !== 'object' || problems.length > 0) throw configBroken(configFileName);
  const aliases = findNodeAtLocation(root, ['aliases']);
  if (aliases !== undefined && aliases.type !== 'object') throw configBroken(configFileName);

  const taken = findNodeAtLocation(root, ['aliases', name, 'targets']);
  const targets: unknown = taken === undefined ? undefined : getNodeValue(taken);
  if (Array.isArray(targets) && targets[0] === target) return base;
  if (findNodeAtLocation(root, ['aliases', name]) !== undefined)
    throw aliasTaken(name, Array.isArray(targets) ? targets.map(String) : ['something else']);

  const alias = `${JSON.stringify(name)}: { "targets": [${JSON.stringify(target)}] }`;
  if (aliases !== undefined) return insertProperty(base, aliases, () => alias);
  const { indent: step, eol } = layoutOf(base);
  return insertProperty(base, root, (indent) => `"aliases": {${eol}${indent}${step}${alias}${eol}${indent}}`);
}
