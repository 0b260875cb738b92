import { promptFileFormat } from './promptFile/promptFileNames.ts';

/** Languages with their file endings. Those without a table of syntax are read by strict patterns. */
const endings: Readonly<Record<string, string>> = {
  python: 'py pyi pyw',
  typescript: 'ts mts cts',
  typescriptreact: 'tsx',
  javascript: 'js mjs cjs es6',
  javascriptreact: 'jsx',
  go: 'go',
  java: 'java',
  kotlin: 'kt kts',
  csharp: 'cs csx',
  ruby: 'rb rake gemspec',
  rust: 'rs',
  php: 'php phtml',
  shellscript: 'sh bash zsh ksh envrc',
  json: 'json',
  jsonc: 'jsonc json5 code-workspace',
  yaml: 'yaml yml',
  toml: 'toml',
  dotenv: 'env',
  properties: 'properties',
  ini: 'ini cfg conf',
  markdown: 'md mdx markdown',
  swift: 'swift',
  scala: 'scala sc sbt',
  groovy: 'groovy gradle',
  dart: 'dart',
  lua: 'lua',
  elixir: 'ex exs',
  cpp: 'cpp cc cxx hpp hh h',
  c: 'c',
  'objective-c': 'm mm',
  powershell: 'ps1 psm1',
  perl: 'pl pm',
  r: 'r',
  julia: 'jl',
  vue: 'vue',
  svelte: 'svelte',
  terraform: 'tf tfvars',
  jsonl: 'jsonl',
  prompt: 'prompt prompty',
};

/** Language ids whose documents are looked at in an editor; `notebook` and its like are no languages. */
export const sourceLanguageIds: readonly string[] = [...Object.keys(endings), 'dockerfile', 'dockercompose'];

const byEnding = new Map(Object.entries(endings).flatMap(([id, list]) => list.split(' ').map((end) => [end, id])));
const known = new Set(sourceLanguageIds);

/** Files known by their whole name. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/^\.env(?:\.[\w.-]+)?$/i, 'dotenv'],
  [/^(?:dockerfile|containerfile)(?:\.[\w.-]+)?$/i, 'dockerfile'],
  [/^(?:\.bashrc|\.bash_profile|\.zshrc|\.profile)$/, 'shellscript'],
  [/^(?:gemfile|rakefile)$/i, 'ruby'],
];

/** Data of tools, not of people, and our own configuration: nothing in them is a choice of model. */
const generated =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|composer\.lock|tollgate(?:\.local)?\.jsonc)$|\.min\.[cm]?js$|[.-]lock\.(?:json|ya?ml)$/i;

/**
 * The language to detect in, for the scan and for an editor alike; undefined for files that are left alone.
 * A name of a prompt file decides first, then the language the editor takes the document for, then the file's name.
 * @param path absolute or relative, of any system
 * @param editorLanguage VS Code language id of an open document
 * @returns a VS Code language id; `notebook` for a Jupyter notebook as a file, which stands for its cells
 */
export function sourceLanguage(path: string, editorLanguage?: string): string | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (generated.test(name)) return undefined;
  const format = promptFileFormat(path);
  if (format) return format === 'requestLines' ? 'jsonl' : 'prompt';
  if (editorLanguage !== undefined && known.has(editorLanguage)) return editorLanguage;
  // A document of a language we do not read stays so; one that no extension claims is known by its name.
  if (editorLanguage !== undefined && editorLanguage !== 'plaintext') return undefined;
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? byFileEnding(name, editorLanguage !== undefined);
}

function byFileEnding(name: string, inEditor: boolean): string | undefined {
  const ending = /\.([\w-]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (ending === 'ipynb') return inEditor ? undefined : 'notebook';
  return byEnding.get(ending);
}

/** Globs of the documents that an editor may take for another language than the one they are read in. */
export const sourceNameGlobs: readonly string[] = ['**/.env', '**/.env.*', '**/*.{env,toml,properties,kt,kts,envrc}'];
