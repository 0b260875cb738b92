/**
 * Poles of one scale, in the singular: an answer about one is no answer about another. `|` joins names of one pole.
 */
const scales: readonly string[] = [
  'enable|activate disable|deactivate toggle',
  'increase|raise decrease|reduce|lower',
  'ascending descending',
  'ascend descend',
  'asc desc',
  'advantage|benefit|pro|upside disadvantage|drawback|con|downside',
  'minimum maximum average median',
  'best worst',
  'better worse',
  'good bad',
  'first last second third next previous final initial',
  'oldest newest|latest',
  'old new',
  'before after during',
  'encode decode',
  'encrypt decrypt',
  'compress decompress uncompress',
  'serialize deserialize',
  'lock unlock',
  'mount unmount',
  'install uninstall reinstall',
  'add|insert|append|prepend remove|delete|erase|subtract',
  'create|make delete|remove|destroy|erase',
  'start|begin|launch stop|end restart pause resume',
  'open close',
  'show|display|view hide',
  'push pull fetch',
  'import export',
  'upload download',
  'read write',
  'input output',
  'client server',
  'local remote global',
  'public private protected internal',
  'static dynamic',
  'synchronous asynchronous',
  'sync async',
  'uppercase lowercase',
  'upper lower',
  'left right center',
  'top bottom middle',
  'horizontal vertical',
  'inside outside',
  'above below',
  'more less fewer',
  'most least',
  'greater less',
  'larger|bigger smaller',
  'longest shortest',
  'longer shorter',
  'faster|quicker slower',
  'fast|quick slow',
  'highest lowest',
  'higher lower',
  'biggest|largest smallest',
  'big|large small|little',
  'success failure error',
  'succeed fail',
  'true false',
  'allow|permit deny|block|disallow|forbid|prevent',
  'grant revoke',
  'attach detach',
  'connect disconnect',
  'subscribe unsubscribe',
  'login logout',
  'in out',
  'on off',
  'up down',
  'undo redo',
  'safe unsafe',
  'signed unsigned',
  'mutable immutable',
  'optional required mandatory',
  'possible impossible',
  'valid invalid',
  'known unknown',
  'defined undefined',
  'used unused',
  'typed untyped',
  'ordered unordered',
  'sorted unsorted',
  'even odd',
  'positive negative',
  'horizontal vertical diagonal',
  'morning afternoon evening night',
  'today tomorrow yesterday',
  'monday tuesday wednesday thursday friday saturday sunday',
  'day week month year hour minute quarter',
  'manual automatic',
  'frontend backend',
  'parent child sibling',
  'ancestor descendant',
  'source target destination',
  'staging production development',
  'request response',
  'producer consumer publisher subscriber',
  'stack queue heap',
  'and or xor',
  'all some none any only every',
  'recursive iterative',
  'recursively iteratively',
  'temporary permanent',
  'temporarily permanently',
  'hard soft mixed',
  'prepend append',
  'lossy lossless',
  'stateful stateless',
  'compiled interpreted',
  'internal external',
  'forward backward reverse',
  'entry exit',
  'allocate free deallocate',
  'beginning end',
  'buy sell',
  'send receive',
  'singular plural',
  'row column',
  'briefly detail',
];

interface Pole {
  readonly scale: number;
  readonly pole: number;
}

const polesOf: ReadonlyMap<string, readonly Pole[]> = readScales();

function readScales(): Map<string, Pole[]> {
  const map = new Map<string, Pole[]>();
  for (const [scale, poles] of scales.entries()) {
    for (const [pole, names] of poles.split(' ').entries()) {
      for (const name of names.split('|')) map.set(name, [...(map.get(name) ?? []), { scale, pole }]);
    }
  }
  return map;
}

/** True where each text names a pole of one scale that the other does not name. */
export function areOpposed(a: readonly string[], b: readonly string[]): boolean {
  const [polesA, polesB] = [polesNamed(a), polesNamed(b)];
  for (const [scale, first] of polesA) {
    const second = polesB.get(scale);
    if (second === undefined) continue;
    if ([...first].some((pole) => !second.has(pole)) && [...second].some((pole) => !first.has(pole))) return true;
  }
  return false;
}

function polesNamed(words: readonly string[]): Map<number, Set<number>> {
  const named = new Map<number, Set<number>>();
  for (const word of words) {
    for (const { scale, pole } of polesOf.get(word) ?? []) named.set(scale, (named.get(scale) ?? new Set()).add(pole));
  }
  return named;
}
