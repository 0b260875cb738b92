import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { RuleLevels } from '../advice/ruleIds.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { catalogOptions } from '../config/catalogOptions.ts';
import { createDetector } from '../detect/createDetector.ts';
import type { SyntaxSource } from '../detect/syntax/createSyntax.ts';
import type { Disk } from '../scan/disk.ts';
import type { FileReport } from '../scan/fileReport.ts';
import { type ScanDeps, type ScannedPart, scanFiles } from '../scan/scanFiles.ts';
import type { TokenCounter } from '../tokens/tokenCount.ts';
import { type Command, type CommandContext, exitCode } from './command.ts';
import { badArguments, configLeftOut, nothingToScan } from './errors.ts';
import { parseArguments } from './parseArguments.ts';
import { adviceFields, adviceLines, adviseOnFile, askedLevels, type PlacedAdvice } from './scanAdvice.ts';
import { scanJsonLine } from './scanJson.ts';
import { ScanTotals, scanTableOf } from './scanTable.ts';
import { type FoundConfig, findConfig } from './workspaceConfig.ts';

const help = `Usage: tollgate scan [--advice [--rule RULE]…] [--json] [--no-tokens] [--exclude GLOB]… PATH…

Finds the models that source code hardcodes and the prompts it sends, and says what they cost.

  PATH         files or folders. In folders, .gitignore (nested ones and .git/info/exclude too) and the folders of
               tools (node_modules, .venv, caches) are respected, dot files are read, symbolic links are not followed.
               A file named outright is read whatever .gitignore says.
  --json       one line of JSON per file read, findings or not:
               {"file", "findings": [{"kind", "line", "col", "endLine", "endCol", "text", …}]}
               kind is model (a string that selects a model), const (an identifier that does) or prompt (LLM input).
               Lines and columns count from 0, columns in UTF-16 units, ends exclusive. A model's range is without
               quotes; a prompt's is the whole literal expression with quotes, prefixes and + chains, and its text
               is the decoded static text. Of a notebook (.ipynb), cell is the cell's place among all cells, from 0,
               and positions are within the cell's source.
               perSession marks instructions that a tool sends once per session.
               model names the model (of a prompt: the one it goes to, where known); usdPerMTok and inputUsd are
               null where no price is known. skipped says why a file was not looked into (binary, tooLarge),
               problem that it could not be read.
  --advice     the pitfalls instead of the prices, one line each: PATH:LINE:COLUMN: LEVEL RULE: what it costs and what to do.
               The rules are described in docs/advice; a comment "tollgate-ignore RULE" on or above a line takes one back.
               With --json, each file also has "advice": [{"rule", "level", "message", "line", "col", "endLine", "endCol"}].
  --rule       with --advice: only this rule, at level information; may be repeated
  --exclude    leave out what the glob matches, relative to PATH: --exclude '**/generated/**' --exclude '**/*.test.ts'
  --no-tokens  do not count tokens

Read through their syntax: Python, TypeScript, JavaScript (with JSX), Go, Java, Kotlin, C#, Ruby, Rust, PHP, shell scripts,
notebooks, settings (JSON, YAML, TOML, .env, .properties), code blocks of Markdown, prompt files and .jsonl request files.
Other code is read by strict patterns, for models only; so is code of more than a million characters, or with lines of more
than 10,000. The aliases of the tollgate.jsonc of the scanned folder, or of the nearest folder above in its repository,
count as models.

Exit codes: 0 everything was read, 1 some path or the tollgate.jsonc could not be read (standard error says what), 2 wrong arguments,
3 everything was read and --advice found something of level information.
`;

export interface ScanCommandDeps extends SyntaxSource {
  readonly disk: Disk;
  /** The parsed `media/prices.json`. */
  readonly prices: () => unknown;
  readonly createCounter: () => TokenCounter;
  readonly now: () => Date;
}

/** The `scan` command. */
export function createScanCommand(deps: ScanCommandDeps): Command {
  return {
    name: 'scan',
    summary: 'find hardcoded models and prompts in source code, with their prices',
    help,
    async run(args, context) {
      const options = {
        json: { type: 'boolean' },
        'no-tokens': { type: 'boolean' },
        exclude: { type: 'string', multiple: true },
        advice: { type: 'boolean' },
        rule: { type: 'string', multiple: true },
      } as const;
      const { values, positionals } = parseArguments('scan', args, options);
      if (positionals.length === 0) throw nothingToScan();
      if (values.rule && !values.advice) throw badArguments('scan', '--rule needs --advice');
      const levels = values.advice ? askedLevels(values.rule ?? []) : undefined;
      const counter = values['no-tokens'] ? undefined : deps.createCounter();
      try {
        const asked = { paths: positionals, json: values.json === true, exclude: values.exclude ?? [], levels };
        return await scan(deps, context, asked, counter);
      } finally {
        await counter?.dispose();
      }
    },
  };
}

interface AskedScan {
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly exclude: readonly string[];
  /** Advice is asked for. */
  readonly levels: RuleLevels | undefined;
}

async function scan(
  deps: ScanCommandDeps,
  context: CommandContext,
  { paths, json, exclude, levels }: AskedScan,
  counter: TokenCounter | undefined,
): Promise<number> {
  const toolsOf = createTools(deps, deps.prices(), counter);
  const totals = new ScanTotals();
  const today = deps.now().toISOString().slice(0, 10);
  let code: number = exitCode.ok;
  for (const path of paths) {
    const root = resolve(context.cwd, path);
    const folder = (await deps.disk.kindOf(root)) === 'folder' ? root : dirname(root);
    const found = await findConfig(deps.disk, folder);
    if (found.problems.length > 0) code = exitCode.problems;
    const tools = toolsOf(found, context);
    let advice: readonly PlacedAdvice[] = [];
    const onDetected = async (file: string, parts: readonly ScannedPart[]): Promise<void> => {
      advice = levels ? await adviseOnFile(belowRoot(parts, root, file), tools, levels, today) : [];
    };
    for await (const report of scanFiles(tools, root, { signal: context.signal, exclude, onDetected })) {
      const shown = shownPath(path, root, report.path);
      if (report.kind === 'unreadable') {
        context.complain(`tollgate: ${shown}: ${reasonOf(report)}\n`);
        code = exitCode.problems;
      }
      const given = report.kind === 'scanned' ? advice : [];
      if (code === exitCode.ok && given.some(({ level }) => level === 'information')) code = exitCode.advice;
      totals.add(report);
      const text = json
        ? `${scanJsonLine(shown, report, levels ? { advice: adviceFields(given) } : {})}\n`
        : levels
          ? adviceLines(shown, given)
          : scanTableOf(shown, report);
      if (text) await context.print(text);
    }
  }
  if (!json && !levels) await context.print(totals.toString());
  return code;
}

/** Parts by their path below the scanned folder: the folders above say nothing about what is a test. */
function belowRoot(parts: readonly ScannedPart[], root: string, file: string): ScannedPart[] {
  const path = relative(root, file) || basename(file);
  return parts.map((part) => ({ ...part, source: { ...part.source, path } }));
}

/** What a scan needs under one configuration: made once for each, because loading grammars takes longer than a file. */
function createTools(deps: ScanCommandDeps, prices: unknown, counter: TokenCounter | undefined) {
  const made = new Map<string | undefined, ScanDeps>();
  return ({ path, config, problems }: FoundConfig, context: CommandContext): ScanDeps => {
    const known = made.get(path);
    if (known) return known;
    for (const problem of problems) context.complain(`tollgate: ${problem}\n`);
    if (path !== undefined && problems.length > 0) context.complain(`tollgate: ${configLeftOut(path)}\n`);
    const catalog = loadCatalog(prices, catalogOptions(config));
    const names = new Set(Object.keys(config.aliases));
    const detector = createDetector({ ...deps, catalog, aliases: () => names });
    const tools = { disk: deps.disk, catalog, detector, counter, aliases: config.aliases };
    made.set(path, tools);
    return tools;
  };
}

/** The path as the user wrote it, with what lies below it; `/` on every system. */
function shownPath(written: string, root: string, path: string): string {
  const below = relative(root, path);
  const shown = below === '' ? written : join(written, below);
  return isAbsolute(shown) ? shown : shown.split(sep).join('/');
}

function reasonOf({ error }: FileReport & { kind: 'unreadable' }): string {
  return error instanceof Error ? error.message : String(error);
}
