import { refusals } from './errors.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import { type Refusal, refused } from './promptFile.ts';

/** A request of a set, or what is wrong with its line. */
export interface SetEntry {
  readonly number: number;
  readonly prepared: PreparedRequest | Refusal;
}

/** How many wrong lines of a set are named; the rest is counted. */
const namedLines = 3;

/**
 * The requests of a set, or one refusal before any of them comes out: a set with a wrong line is refused whole, and so it
 * is read twice.
 */
export async function* wholeOrNot(read: () => AsyncIterable<SetEntry>): AsyncGenerator<PreparedRequest | Refusal> {
  const wrong = await findWrong(read());
  if (wrong !== undefined) {
    yield wrong;
    return;
  }
  // The file may have changed between the two readings.
  for await (const { number, prepared } of read())
    yield 'kind' in prepared ? refused(refusals.row(number, prepared.reason)) : prepared;
}

async function findWrong(entries: AsyncIterable<SetEntry>): Promise<Refusal | undefined> {
  const firstLines = new Map<string, number>();
  const problems: string[] = [];
  let more = 0;
  const tell = (number: number, reason: string): void => {
    if (problems.length < namedLines) problems.push(refusals.row(number, reason));
    else more += 1;
  };
  for await (const { number, prepared } of entries) {
    if ('kind' in prepared) {
      tell(number, prepared.reason);
      continue;
    }
    const { wishedId } = prepared;
    const first = firstLines.get(wishedId);
    if (first === undefined) firstLines.set(wishedId, number);
    else tell(number, refusals.rowRepeatedId(wishedId, first));
  }
  if (problems.length > 0) return refused(refusals.rows(problems, more));
  return firstLines.size === 0 ? refused(refusals.empty()) : undefined;
}
