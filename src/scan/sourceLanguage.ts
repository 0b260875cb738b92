/** Language ids by file ending; ids without a syntax table are read by strict patterns. */
const byEnding: Readonly<Record<string, string>> = {
  py: 'python',
  pyi: 'python',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescriptreact',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascriptreact',
  ipynb: 'notebook',
  prompt: 'prompt',
  prompty: 'prompt',
  jsonl: 'jsonl',
  go: 'go',
  java: 'java',
  kt: 'kotlin',
  kts: 'kotlin',
  cs: 'csharp',
  rb: 'ruby',
  rs: 'rust',
  php: 'php',
  sh: 'shellscript',
  bash: 'shellscript',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'toml',
  json: 'json',
  jsonc: 'jsonc',
  properties: 'properties',
  ini: 'ini',
  cfg: 'ini',
};

/** Data of tools, not of people: nothing in them is a choice of model. */
const generated =
  /(?:^|[\\/])(?:package-lock\.json|npm-shrinkwrap\.json|composer\.lock|tollgate(?:\.local)?\.jsonc)$|\.min\.[cm]?js$|[.-]lock\.(?:json|ya?ml)$/i;
const environmentFile = /(?:^|[\\/])\.env(?:\.[\w.-]+)?$|\.env$/i;

/** The language id to detect with; undefined for files that the scan leaves alone. `notebook` stands for its cells. */
export function sourceLanguage(path: string): string | undefined {
  if (generated.test(path)) return undefined;
  if (/\.prompt\.md$/i.test(path)) return 'prompt';
  if (environmentFile.test(path)) return 'dotenv';
  const ending = /\.([A-Za-z]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined;
}
