/** Alternatives for a regular expression, from words or phrases separated by `|` or white space. */
export function anyOf(words: string): string {
  return `(?:${words.trim().split(/\s+/).join('|')})`;
}

/** What people ask an assistant to do: "can you …" before one of these is politeness, before another verb a question. */
export const requestVerbs = anyOf(
  'explain describe tell show write give list help summarize translate convert generate create provide compare make find ' +
    'suggest recommend define outline draft rewrite refactor review analyze classify extract calculate compute name draw ' +
    'implement design build sort format fix check add remove delete change rename count evaluate solve prove walk teach ' +
    'point elaborate clarify illustrate demonstrate demo produce compose paraphrase rephrase simplify shorten expand optimize',
);

/** Words that begin a question or a request: what follows a greeting. */
export const starters = anyOf(
  'how what why where when which who whose is are do does did can could would will should was were has have explain describe ' +
    'tell show write give list help summarize please i any define compare',
);

export const questionWords = anyOf('how what why where when which who whose');

export const auxiliaries = anyOf('is are was were do does did can could will would should has have had');

const baseVerbs = new Set(
  (
    'use make create delete remove check find get set add change update rename move copy read write open close start stop run ' +
    'execute install uninstall configure convert parse sort filter reverse merge split join map reduce fetch load save store send ' +
    'receive upload download encode decode encrypt decrypt hash compress extract format print display show hide render test debug ' +
    'fix resolve solve handle catch throw raise log trace measure monitor profile optimize improve speed cache clear reset restart ' +
    'build compile deploy release publish package bundle import export include exclude define declare implement extend override ' +
    'call invoke pass return yield await cancel abort kill terminate connect disconnect bind listen mount unmount attach detach ' +
    'enable disable toggle validate verify authenticate authorize sign revoke grant deny allow block prevent avoid detect match ' +
    'replace insert append prepend push pull commit rebase revert undo redo stash squash tag clone fork branch checkout track ' +
    'ignore iterate loop traverse search query select count sum group aggregate calculate compute generate initialize instantiate ' +
    'serialize deserialize normalize flatten concatenate trim pad truncate round cast coerce compare diff sync schedule retry ' +
    'limit throttle debounce batch queue schedule lock unlock share reuse inject mock stub assert seed migrate backup restore ' +
    'view list inspect edit modify transform translate center align style resize scale rotate animate access implement represent ' +
    'determine identify locate obtain retrieve increase decrease lower double halve achieve perform do write'
  ).split(' '),
);

const irregularParticiples: Readonly<Record<string, string>> = {
  done: 'do',
  made: 'make',
  written: 'write',
  read: 'read',
  run: 'run',
  built: 'build',
  sent: 'send',
  found: 'find',
  got: 'get',
  gotten: 'get',
  set: 'set',
  put: 'put',
  shown: 'show',
  hidden: 'hide',
  broken: 'break',
  kept: 'keep',
  undone: 'undo',
  split: 'split',
  reset: 'reset',
  cast: 'cast',
  caught: 'catch',
  thrown: 'throw',
  bound: 'bind',
  overridden: 'override',
  rewritten: 'rewrite',
  chosen: 'choose',
  cut: 'cut',
};

/** The base form of a participle of a verb we know; undefined for any other word. */
export function verbOfParticiple(word: string): string | undefined {
  const irregular = Object.hasOwn(irregularParticiples, word) ? irregularParticiples[word] : undefined;
  if (irregular !== undefined) return irregular;
  if (!word.endsWith('ed')) return undefined;
  const stem = word.slice(0, -2);
  const candidates = [`${stem}e`, stem, stem.replace(/(.)\1$/, '$1'), stem.replace(/i$/, 'y')];
  return candidates.find((verb) => baseVerbs.has(verb));
}

export function isVerb(word: string): boolean {
  return baseVerbs.has(word);
}

const languagesAndTools = new Set(
  (
    'python javascript typescript java kotlin swift go golang rust c c++ c# f# ruby php perl scala haskell elixir erlang clojure lua ' +
    'dart julia matlab r bash zsh powershell shell sql css html sass git github gitlab docker kubernetes terraform ansible linux ' +
    'windows macos ubuntu debian android ios node nodejs deno bun react vue angular svelte nextjs django flask fastapi rails spring ' +
    'laravel express postgresql mysql sqlite mongodb redis kafka rabbitmq elasticsearch graphql numpy pandas pytorch tensorflow ' +
    'excel vim emacs vscode jest pytest cobol fortran delphi groovy nginx apache'
  ).split(' '),
);

/** A language, system or tool that "in …" and "using …" commonly name. */
export function isTechnology(word: string): boolean {
  return languagesAndTools.has(word.replace(/^[\^=]/, ''));
}

export const operatingSystems = anyOf('linux windows macos ubuntu debian android ios unix mac');
