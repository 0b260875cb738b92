/** Negative when `a` is older than `b`, by the rules of semantic versioning; what is no version is the oldest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left.numbers[index] ?? -1) - (right.numbers[index] ?? -1);
    if (difference !== 0) return difference;
  }
  // 1.0.0-rc.1 comes before 1.0.0.
  if (left.prerelease === '' || right.prerelease === '')
    return Number(left.prerelease === '') - Number(right.prerelease === '');
  return left.prerelease.localeCompare(right.prerelease, 'en', { numeric: true });
}

function parse(version: string): { numbers: number[]; prerelease: string } {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([^+]*))?/.exec(version);
  return { numbers: (match?.slice(1, 4) ?? []).map(Number), prerelease: match?.[4] ?? '' };
}
