/** Contractions whose long form is not the word and a rest. */
const contractions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "can't": 'can not',
    cannot: 'can not',
    cant: 'can not',
    "won't": 'will not',
    "shan't": 'shall not',
    "ain't": 'is not',
    dont: 'do not',
    doesnt: 'does not',
    didnt: 'did not',
    isnt: 'is not',
    arent: 'are not',
    wasnt: 'was not',
    couldnt: 'could not',
    shouldnt: 'should not',
    wouldnt: 'would not',
    hasnt: 'has not',
    havent: 'have not',
    whats: 'what is',
    hows: 'how is',
    wheres: 'where is',
    "let's": 'let us',
    "i'm": 'i am',
    im: 'i am',
    ive: 'i have',
    "y'all": 'you',
    pls: 'please',
    plz: 'please',
    gonna: 'going to',
    wanna: 'want to',
  }),
);

/** Words whose `'s` is "is" rather than a possessive. */
const isContracted = new Set(
  'what how where when why who which it that there here this he she everything something nothing'.split(' '),
);

/** `Docker's` → `Docker`; `what's` stays for `expandContraction`. */
export function withoutPossessive(word: string): string {
  const head = /^(.*[\w)])'s$/i.exec(word)?.[1];
  return head === undefined || isContracted.has(head.toLowerCase()) ? word : head;
}

/** The words a word with an apostrophe (or without the one it should have) stands for. */
export function expandContraction(word: string): string {
  const known = contractions.get(word);
  if (known !== undefined) return known;
  const at = word.indexOf("'");
  if (at < 0) return word;
  const head = word.slice(0, at);
  switch (word.slice(at)) {
    case "'t":
      return head.endsWith('n') ? `${head.slice(0, -1)} not` : word;
    case "'re":
      return `${head} are`;
    case "'ll":
      return `${head} will`;
    case "'ve":
      return `${head} have`;
    case "'d":
      return /^(?:where|why|how|when|what|who)$/.test(head) ? `${head} did` : `${head} would`;
    case "'m":
      return `${head} am`;
    case "'s":
      return `${head} is`;
    case "'":
      return head;
    default:
      return word;
  }
}

/** Words in -ise, -yse, -our … that are spelt so on both sides of the Atlantic. */
const alwaysS = new Set(
  (
    'exercise precise promise raise noise otherwise advise revise supervise surprise wise concise likewise rise arise disguise ' +
    'enterprise expertise compromise franchise merchandise premise praise paradise comprise devise improvise televise treatise ' +
    'demise imprecise cruise bruise poise appraise sunrise clockwise pairwise stepwise bitwise elementwise pointwise chemise anise ' +
    'counterclockwise incise excise despise guise'
  ).split(' '),
);

const american: ReadonlyMap<string, string> = new Map(
  Object.entries({
    colour: 'color',
    colours: 'colors',
    coloured: 'colored',
    behaviour: 'behavior',
    behaviours: 'behaviors',
    favour: 'favor',
    favourite: 'favorite',
    flavour: 'flavor',
    flavours: 'flavors',
    neighbour: 'neighbor',
    neighbours: 'neighbors',
    honour: 'honor',
    labour: 'labor',
    centre: 'center',
    centres: 'centers',
    centred: 'centered',
    metre: 'meter',
    metres: 'meters',
    litre: 'liter',
    fibre: 'fiber',
    licence: 'license',
    licences: 'licenses',
    defence: 'defense',
    offence: 'offense',
    catalogue: 'catalog',
    catalogues: 'catalogs',
    dialogue: 'dialog',
    dialogues: 'dialogs',
    analogue: 'analog',
    programme: 'program',
    programmes: 'programs',
    cancelled: 'canceled',
    cancelling: 'canceling',
    labelled: 'labeled',
    labelling: 'labeling',
    modelled: 'modeled',
    modelling: 'modeling',
    travelling: 'traveling',
    travelled: 'traveled',
    signalling: 'signaling',
    signalled: 'signaled',
    tunnelling: 'tunneling',
    grey: 'gray',
    artefact: 'artifact',
    artefacts: 'artifacts',
    judgement: 'judgment',
    maths: 'math',
    whilst: 'while',
    amongst: 'among',
    learnt: 'learned',
    spelt: 'spelled',
    indices: 'indexes',
    matrices: 'matrixes',
    vertices: 'vertexes',
    schemata: 'schemas',
    formulae: 'formulas',
    queueing: 'queuing',
    enrol: 'enroll',
    fulfil: 'fulfill',
    fulfils: 'fulfills',
    practise: 'practice',
  }),
);

/** One spelling for British and American English. */
export function unifySpelling(word: string): string {
  const known = american.get(word);
  if (known !== undefined) return known;
  if (word.length < 6 || !/[iy]s/.test(word)) return word;
  const match = /^([a-z]{3,})([iy])s(e|es|ed|er|ers|ing|ation|ations|able)$/.exec(word);
  if (match === null) return word;
  const [, stem = '', vowel = '', ending = ''] = match;
  if (vowel === 'y') return stem.endsWith('l') ? `${stem}yz${ending}` : word;
  return isAlwaysS(`${stem}is`) || !/[bcdfgklmnrtvx]$/.test(stem) ? word : `${stem}iz${ending}`;
}

function isAlwaysS(stem: string): boolean {
  return alwaysS.has(`${stem}e`);
}

const numberWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    two: '2',
    three: '3',
    four: '4',
    five: '5',
    six: '6',
    seven: '7',
    eight: '8',
    nine: '9',
    ten: '10',
    eleven: '11',
    twelve: '12',
    twenty: '20',
    thirty: '30',
    fifty: '50',
    hundred: '100',
    thousand: '1000',
    million: '1000000',
  }),
);

/** The digits of a number word; "one" is left, it is mostly a pronoun. */
export function unifyNumber(word: string): string {
  return numberWords.get(word) ?? word;
}

/** Ends in -s without being a plural, or is a name whose singular is something else. */
const notPlural = new Set(
  (
    'this is was has does always sometimes perhaps plus minus us yes its his hers ours yours theirs as thus versus across unless ' +
    'less news kubernetes redis aws gcs js ts css https dns ios os macos tls ssl sass less scss pandas rails keras windows jenkins express axios postgres eks aks gas bus process access address status class pass ' +
    'canvas alias bias atlas lens series species analysis basis axis thesis hypothesis synthesis parenthesis crisis virus corpus ' +
    'focus campus radius nexus census consensus gps mess cross press loss boss dress stress success progress business ' +
    'nodejs nextjs vuejs reactjs angularjs expressjs rxjs goods means chess chaos towards besides afterwards nowadays whereas emacs'
  ).split(' '),
);

/** Products whose name is a plural; in small letters the word is a plain plural. */
const pluralNames = new Set(
  'teams maps pages sheets docs slides photos actions functions settings notes spaces'.split(' '),
);

const irregularPlurals: ReadonlyMap<string, string> = new Map(
  Object.entries({
    children: 'child',
    people: 'person',
    men: 'man',
    women: 'woman',
    mice: 'mouse',
    criteria: 'criterion',
    phenomena: 'phenomenon',
    apis: 'api',
    ids: 'id',
    urls: 'url',
    vertexes: 'vertex',
    aliases: 'alias',
    statuses: 'status',
    buses: 'bus',
    lenses: 'lens',
    analyses: 'analysis',
    axes: 'axis',
    hypotheses: 'hypothesis',
    parentheses: 'parenthesis',
    leaves: 'leaf',
    halves: 'half',
    lives: 'life',
    shelves: 'shelf',
    caches: 'cache',
    movies: 'movie',
    cookies: 'cookie',
  }),
);

/** Singular of a plural noun, base form of a verb in -s. Any other word as it is. */
export function singular(word: string, isName: boolean): string {
  if (isName && pluralNames.has(word)) return word;
  const known = irregularPlurals.get(word);
  if (known !== undefined) return known;
  if (
    !word.endsWith('s') ||
    word.length < 4 ||
    !/^[a-z]+s$/.test(word) ||
    /(?:ss|us|is|ics)$/.test(word) ||
    notPlural.has(word)
  )
    return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses|zzes)$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}
