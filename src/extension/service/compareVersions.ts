/** Negative when `a` is older than `b`. A pre-release (`1.2.0-beta`) is older than its release. */
export function compareVersions(a: string, b: string): number {
  const [numbersA, preA] = split(a);
  const [numbersB, preB] = split(b);
  for (let place = 0; place < Math.max(numbersA.length, numbersB.length); place++) {
    const difference = (numbersA[place] ?? 0) - (numbersB[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (preA === preB) return 0;
  if (preA === '') return 1;
  if (preB === '') return -1;
  return preA < preB ? -1 : 1;
}

function split(version: string): readonly [numbers: readonly number[], preRelease: string] {
  const [release = '', ...rest] = (version.split('+')[0] ?? '').split('-');
  return [release.split('.').map((part) => Number.parseInt(part, 10) || 0), rest.join('-')];
}
