import type { PromptFileKind } from './promptFileKinds.ts';

/** A kind of file that is LLM input as a whole, known by its name whatever language an editor takes it for. */
export interface PromptFileName {
  readonly name: RegExp;
  /** The same for editors, which select documents by globs. */
  readonly glob: string;
  readonly format: PromptFileKind | 'requestLines';
}

const file = (name: string): RegExp => new RegExp(`(?:^|[\\\\/])${name}$`, 'i');

/** The first that fits counts. To add a kind of prompt file, add a row, and a reader in `promptFileKinds.ts` if it needs one. */
export const promptFileNames: readonly PromptFileName[] = [
  // prompty.ai/docs/prompty-file-spec
  { name: /\.prompty$/i, glob: '**/*.prompty', format: 'prompty' },
  // code.visualstudio.com/docs/copilot/customization
  { name: /\.(?:prompt|chatmode)\.md$/i, glob: '**/*.{prompt,chatmode}.md', format: 'command' },
  { name: /\.agent\.md$/i, glob: '**/*.agent.md', format: 'command' },
  { name: /\.instructions\.md$/i, glob: '**/*.instructions.md', format: 'memory' },
  { name: file('\\.github[\\\\/]agents[\\\\/].+\\.md'), glob: '**/.github/agents/**/*.md', format: 'command' },
  { name: file('copilot-instructions\\.md'), glob: '**/copilot-instructions.md', format: 'memory' },
  // code.claude.com/docs/en/sub-agents, /slash-commands, /memory, /skills
  {
    name: file('\\.(?:claude|opencode)[\\\\/](?:agents?|commands?)[\\\\/].+\\.md'),
    glob: '**/.{claude,opencode}/{agent,agents,command,commands}/**/*.md',
    format: 'command',
  },
  {
    name: file('(?:CLAUDE|CLAUDE\\.local|AGENTS?|GEMINI|SKILL)\\.md'),
    glob: '**/{CLAUDE,CLAUDE.local,AGENTS,AGENT,GEMINI,SKILL}.md',
    format: 'memory',
  },
  { name: file('\\.(?:cursor|windsurf|cline)rules'), glob: '**/.{cursor,windsurf,cline}rules', format: 'memory' },
  { name: /\.mdc$/i, glob: '**/*.mdc', format: 'memory' },
  // google.github.io/dotprompt, docs.continue.dev
  { name: /\.prompt$/i, glob: '**/*.prompt', format: 'dotprompt' },
  // docs.boundaryml.com, microsoft.github.io/poml
  { name: /\.baml$/i, glob: '**/*.baml', format: 'baml' },
  { name: /\.poml$/i, glob: '**/*.poml', format: 'poml' },
  // learn.microsoft.com/semantic-kernel: the prompt beside its `config.json`
  { name: file('skprompt\\.txt'), glob: '**/skprompt.txt', format: 'template' },
  // github.com/danielmiessler/fabric
  {
    name: file('patterns[\\\\/][\\w-]+[\\\\/](?:system|user)\\.md'),
    glob: '**/patterns/*/{system,user}.md',
    format: 'template',
  },
  // A folder of prompts holds them in whatever templates its program reads; in documentation it holds pages about them.
  {
    name: /^(?!(?:.*[\\/])?(?:docs?|documentation|website|site|content|blog|node_modules)[\\/])(?:.*[\\/])?prompts?[\\/](?!(?:.*[\\/])?(?:README|CHANGELOG|CONTRIBUTING|LICENSE|index)\b)[^.].*\.(?:md|txt|j2|jinja2?|mustache|hbs|handlebars|liquid|tmpl)$/i,
    glob: '**/{prompt,prompts}/**/*.{md,txt,j2,jinja,jinja2,mustache,hbs,handlebars,liquid,tmpl}',
    format: 'template',
  },
  { name: /\.jsonl$/i, glob: '**/*.jsonl', format: 'requestLines' },
];

/** How a file of that name is read; undefined where its name says nothing of prompts. */
export function promptFileFormat(path: string): PromptFileName['format'] | undefined {
  return promptFileNames.find(({ name }) => name.test(path))?.format;
}
