/** Kinds of personal or secret data that metadata must not carry into our records. */
export type PiiKind = 'email' | 'phone' | 'card' | 'iban' | 'ip' | 'jwt' | 'key';

interface Detector {
  readonly kind: PiiKind;
  readonly pattern: RegExp;
  readonly isReal?: (match: string) => boolean;
}

const ipv4Part = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';

/** In this order: a key or token is reported as such even where it also looks like something else. */
const detectors: readonly Detector[] = [
  {
    kind: 'key',
    pattern:
      /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAIza[\w-]{30,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bxox[abprs]-[\w-]{10,}|\bglpat-[\w-]{16,}/g,
  },
  { kind: 'jwt', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g },
  { kind: 'email', pattern: /[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/g },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g, isReal: isIban },
  { kind: 'card', pattern: /(?<![\w-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g, isReal: isCard },
  { kind: 'ip', pattern: new RegExp(`(?<![\\w.])${ipv4Part}(?:\\.${ipv4Part}){3}(?![\\w.])`, 'g') },
  { kind: 'ip', pattern: /(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{1,4}(?![\w:])/gi, isReal: isIpv6 },
  { kind: 'phone', pattern: /(?<![\w+.-])(?:\+\d|\(\d|\d)[\d ().-]{7,18}\d(?![\w-])/g, isReal: isPhone },
];

/** Sessions, branches and tags come with every call, so what was found in them is remembered, up to `size` texts. */
export function createPiiFinder(size: number): (text: string) => PiiKind | undefined {
  const known = new Map<string, PiiKind | undefined>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined || known.has(text)) return remembered;
    if (known.size >= size) known.clear();
    const found = findPii(text);
    known.set(text, found);
    return found;
  };
}

/** The first kind of personal data in a text; undefined = none found. */
export function findPii(text: string): PiiKind | undefined {
  for (const { kind, pattern, isReal } of detectors) {
    for (const [match] of text.matchAll(pattern)) if (isReal?.(match) ?? true) return kind;
  }
  return undefined;
}

function isCard(match: string): boolean {
  const digits = match.replace(/\D/g, '');
  if (digits.length < 13 || digits.length > 19) return false;
  // Luhn: every second digit from the right is doubled.
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the first four characters go to the end, letters count from 10, and the rest modulo 97 is 1. */
function isIban(match: string): boolean {
  const compact = match.replaceAll(' ', '');
  if (compact.length < 15 || compact.length > 34) return false;
  let remainder = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4))
    for (const digit of String(Number.parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  return remainder === 1;
}

/** `::` once, or eight groups; a time like `12:30:45` is neither. */
function isIpv6(match: string): boolean {
  const groups = match.split(':');
  const gaps = match.split('::').length - 1;
  return gaps === 1 || (gaps === 0 && groups.length === 8);
}

/** With a country or area code, or in three groups and more; never a date, a version or a row of numbers. */
function isPhone(match: string): boolean {
  const groups = match.split(/\D+/).filter((group) => group !== '');
  const digits = groups.join('').length;
  if (match.startsWith('+')) return digits >= 8 && digits <= 15;
  if (digits < 9 || digits > 15 || groups.some((group) => group.length < 2)) return false;
  if (/^\d{4}-\d{2}-\d{2}/.test(match) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(match)) return false;
  return groups.length >= 3 || (groups.length === 2 && /^\(?0/.test(match));
}
