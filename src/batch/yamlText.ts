/**
 * Texts that YAML reads as they stand: they begin with a letter, `$` or `~$`, and nothing in them (`: `, ` #`) means
 * something to it.
 */
const plain = /^(?:\p{L}|~?\$)[\p{L}\p{N}_.,/()~$@-]*(?: [\p{L}\p{N}_.,/()~$@-]+)*$/u;
/** Plain words that are no texts. */
const otherTypes = /^(?:null|true|false)$/i;

/**
 * A text as a YAML scalar on one line, for a value in a block. Written by hand, because a job of 10,000 prompt files has
 * 50,000 of them; JSON's quoted texts are YAML's too.
 */
export function yamlText(text: string): string {
  return plain.test(text) && !otherTypes.test(text) ? text : JSON.stringify(text);
}
