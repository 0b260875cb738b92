import type { ModelMapLanguage } from '../config/modelMapNames.ts';
import type { SourceText } from '../detect/finding.ts';

const scriptIds = new Set(['javascript', 'javascriptreact']);
const typeScriptIds = new Set(['typescript', 'typescriptreact']);

const esModule = /^\s*(?:import\s*(?:[\w*{"']|type\b)|export\s+(?:default|const|let|var|function|async|class|\{|\*))/m;
const commonJs = /\brequire\s*\(\s*['"`]|\bmodule\.exports\b|^\s*exports\.\w+\s*=/m;

/**
 * The kind of model map that a source can import; undefined where its language has none.
 * A script is CommonJS when its name or its first words say so, else an ES module.
 */
export function mapLanguage({ languageId, path, text }: SourceText): ModelMapLanguage | undefined {
  if (languageId === 'python') return 'python';
  if (typeScriptIds.has(languageId)) return 'typescript';
  if (!scriptIds.has(languageId)) return undefined;
  if (/\.cjs$/i.test(path)) return 'commonjs';
  if (/\.mjs$/i.test(path) || esModule.test(text)) return 'javascript';
  return commonJs.test(text) ? 'commonjs' : 'javascript';
}
