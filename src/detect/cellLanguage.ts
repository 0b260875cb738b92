const magicLanguages: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  sh: 'shellscript',
  script: 'shellscript',
  javascript: 'javascript',
  js: 'javascript',
  html: 'html',
  markdown: 'markdown',
  latex: 'latex',
  sql: 'sql',
  writefile: 'plaintext',
};

/** The language of a notebook's cell: `%%bash` on the first line makes it another than the kernel's. */
export function cellLanguage(text: string, kernel: string): string {
  const magic = /^\s*%%(\w+)/.exec(text)?.[1];
  return (magic && magicLanguages[magic]) ?? kernel;
}
