import type { ModelMapLanguage } from '../config/modelMapNames.ts';

const pythonText = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/g;
const scriptText = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** The name stands in the code for something of its own; `client.models` does not count. */
function isTaken(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(code);
}

/** The code alone: each character of a comment or a quoted text is a blank, so that offsets stay. */
export function withoutTexts(text: string, language: ModelMapLanguage): string {
  return text.replace(language === 'python' ? pythonText : scriptText, (found) => ' '.repeat(found.length));
}

/** A name for the map's `models` that nothing else in the file has: `models`, else `tollgateModels`, numbered at need. */
export function localName(text: string, language: ModelMapLanguage): string {
  const code = withoutTexts(text, language);
  const other = language === 'python' ? 'tollgate_models' : 'tollgateModels';
  let name = 'models';
  for (let number = 1; isTaken(code, name); number++) name = number === 1 ? other : `${other}${number}`;
  return name;
}
