/** A tab stop of an editor snippet, like `${1:text}`. */
export function tabStop(place: number, text: string): string {
  return `\${${place}:${text}}`;
}

/** A tab stop whose text is inserted without quotes (VS Code's `^` prefix): a number. */
export function bareTabStop(place: number, text: string): string {
  return `^${tabStop(place, text)}`;
}
