import type { ModelMapLanguage } from '../config/modelMapNames.ts';
import type { SourceText } from '../detect/finding.ts';
import type { MapModule, TextEdit } from './aliasEdit.ts';
import { importPlace } from './importPlace.ts';
import { localName } from './localName.ts';
import { pythonSpecifier, scriptSpecifier } from './moduleSpecifier.ts';

export interface MapImport {
  /** What `models` is called in this file. */
  readonly name: string;
  /** Absent where the file imports the map already. */
  readonly edit?: TextEdit;
}

const pythonImport = /^from[ \t]+[.\w]*\btollgate_models[ \t]+import[ \t]+\(?[ \t]*models(?:[ \t]+as[ \t]+(\w+))?/m;
const scriptImport =
  /\b(?:import|const|let|var)\s*\{[^}]*\bmodels(?:\s*(?:as|:)\s*([\w$]+))?[^}]*\}\s*(?:from|=\s*require\s*\()\s*["'][^"']*tollgateModels(?:\.\w+)?["']/;

/** What `models` is called in a file that imports the map; undefined in others. */
export function importedName(text: string, language: ModelMapLanguage): string | undefined {
  const present = (language === 'python' ? pythonImport : scriptImport).exec(text);
  return present ? (present[1] ?? 'models') : undefined;
}

/** How the map is called in the file, and the import to add where it is not imported yet. */
export function importOfMap({ path, text }: SourceText, language: ModelMapLanguage, map: MapModule): MapImport {
  const present = importedName(text, language);
  if (present !== undefined) return { name: present };
  const name = localName(text, language);
  const place = importPlace(text, language);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const statement = importStatement(path, text, language, map, name);
  const before = place.needsBreakBefore ? eol : '';
  const after = place.needsBlankAfter && !/^\r?\n/.test(text.slice(place.offset)) ? eol + eol : eol;
  return { name, edit: { span: { start: place.offset, end: place.offset }, newText: before + statement + after } };
}

function importStatement(path: string, text: string, language: ModelMapLanguage, map: MapModule, name: string): string {
  if (language === 'python') {
    const renamed = name === 'models' ? '' : ` as ${name}`;
    return `from ${pythonSpecifier(path, map)} import models${renamed}`;
  }
  const quote = prefersDoubleQuotes(text) ? '"' : "'";
  const specifier = quote + scriptSpecifier(text, path, map) + quote;
  const end = usesSemicolons(text) ? ';' : '';
  if (language === 'commonjs') {
    const binding = name === 'models' ? 'models' : `models: ${name}`;
    return `const { ${binding} } = require(${specifier})${end}`;
  }
  const binding = name === 'models' ? 'models' : `models as ${name}`;
  return `import { ${binding} } from ${specifier}${end}`;
}

function prefersDoubleQuotes(text: string): boolean {
  const double = text.match(/(?:from|require\()\s*"/g)?.length ?? 0;
  const single = text.match(/(?:from|require\()\s*'/g)?.length ?? 0;
  if (double !== single) return double > single;
  return (text.match(/"/g)?.length ?? 0) > (text.match(/'/g)?.length ?? 0);
}

/** Of the lines that could end in a semicolon, do most? A file that says nothing gets one. */
function usesSemicolons(text: string): boolean {
  const withThem = text.match(/[\w)\]}'"`];[ \t]*\r?$/gm)?.length ?? 0;
  const without =
    text.match(/(?:^(?:import|const|let|var|return)\b[^\n;{(]*[\w)\]'"`]|[^\s({[,;]\))[ \t]*\r?$/gm)?.length ?? 0;
  return withThem >= without;
}
