import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { refusals } from './errors.ts';
import { type Refusal, refused } from './promptFile.ts';

/**
 * What braces mean in a file. In a plain text only `{{name}}` is a variable and every other pair of braces is text;
 * in Handlebars and Jinja the rest is a programme, which is refused rather than sent as it stands.
 */
export type TemplateSyntax = 'plain' | 'handlebars' | 'jinja';

const expression = /(\\|\$)?(\{\{\{?)([^{}]*)\}\}\}?/g;
const variable = /^\$?([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)$/;
const editorVariable = /\$\{(?:input|selection|selectedText|file|fileBasename|fileDirname|workspaceFolder)\b[^}]*\}/;

/** Puts values in the place of `{{name}}`. Never looks into the values it puts in. */
export function fillTemplate(
  text: string,
  values: JsonObject,
  syntax: TemplateSyntax,
): { readonly kind: 'text'; readonly text: string } | Refusal {
  const unfilled = new Set<string>();
  let unsupported = syntax === 'jinja' ? /\{%[^%]*%\}/.exec(text)?.[0] : undefined;
  const source = syntax === 'jinja' ? text.replaceAll(/\{#[^#]*#\}/g, '') : text;
  const filled = source.replaceAll(expression, (whole: string, before: string | undefined, _open, inner: string) => {
    if (before === '\\') return syntax === 'handlebars' ? whole.slice(1) : whole;
    if (before === '$') return whole;
    const content = inner.trim().replace(/^~|~$/g, '').trim();
    if (syntax === 'handlebars' && content.startsWith('!')) return '';
    const name = variable.exec(content)?.[1];
    if (name === undefined) {
      if (syntax !== 'plain') unsupported ??= whole;
      return whole;
    }
    const value = valueAt(values, name);
    if (value !== undefined) return asText(value);
    unfilled.add(name);
    return whole;
  });
  if (unsupported !== undefined) return refused(refusals.templateSyntax(unsupported.slice(0, 60)));
  if (unfilled.size > 0) return refused(refusals.unfilled([...unfilled]));
  return { kind: 'text', text: filled };
}

/** `${input:…}` and its kin: variables that VS Code fills in before a `.prompt.md` is sent. */
export function findEditorVariable(text: string): string | undefined {
  return editorVariable.exec(text)?.[0];
}

function valueAt(values: JsonObject, path: string): JsonValue | undefined {
  let at: JsonValue | undefined = values;
  for (const key of path.split('.')) {
    if (!isJsonObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at ?? undefined;
}

function asText(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
