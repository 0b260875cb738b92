import { createEventFramer, isWholeEvent } from '../wire/eventFramer.ts';
import type { StreamReader } from '../wire/streamReader.ts';
import { createStreamTranslation } from '../wire/translate/createStreamTranslation.ts';
import type { Reading } from '../wire/translate/reading.ts';
import { withoutUsage } from '../wire/withoutUsage.ts';

/** What becomes of a stream's bytes between the upstream and the client. */
export interface Passage {
  /** The bytes that may go on, possibly none. */
  pass(chunk: Uint8Array): Uint8Array;
  /** What is left when the stream has closed. Half an event is of no use to the client, and is left out. */
  last(reader: StreamReader): Uint8Array;
}

/** Some servers leave out the blank line after their last event. */
const blankLine = Buffer.from('\n\n', 'latin1');
const nothing = new Uint8Array();

/** Whole events as soon as they are whole, to the byte but where usage has to be hidden. */
export function plainPassage(hidesUsage: boolean): Passage {
  const framer = createEventFramer();
  return {
    pass(chunk) {
      const whole = framer.push(chunk);
      return hidesUsage && whole.byteLength > 0 ? withoutUsage(whole) : whole;
    },
    last(reader) {
      const rest = framer.rest();
      if (!isWholeEvent(rest)) return nothing;
      reader.push(blankLine);
      return Buffer.concat([rest, blankLine]);
    },
  };
}

/** Events in the client's dialect, each as soon as it is known. */
export function translatedPassage(reading: Reading): Passage {
  const translation = createStreamTranslation(reading);
  return {
    pass: (chunk) => translation.push(chunk),
    last(reader) {
      reader.push(blankLine);
      const last = translation.push(blankLine);
      return reader.events.ended ? Buffer.concat([last, translation.end()]) : last;
    },
  };
}
