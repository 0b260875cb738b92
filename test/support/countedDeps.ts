import type { BatchDisk } from '../../src/batch/batchDisk.ts';
import type { BatchRunnerDeps } from '../../src/batch/createBatchRunner.ts';

/** Told before and after everything the runner does to the world outside its database; a test may never come back. */
export type Observer = (event: string) => void | Promise<void>;

type Counted = Pick<BatchRunnerDeps, 'disk' | 'fetchFor' | 'ledger'>;

/** The same dependencies, with an observer told around every request, disk operation and ledger write. */
export function countedDeps(deps: Counted, observe: Observer): Counted {
  const around = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    await observe(`before ${name}`);
    const result = await act();
    await observe(`after ${name}`);
    return result;
  };
  const { disk } = deps;
  const counted: BatchDisk = {
    ...disk,
    blob: (path) => around('blob', () => disk.blob(path)),
    create: (path) => around('create', () => disk.create(path)),
    replace: (path, text) => around('replace', () => disk.replace(path, text)),
    rename: (from, to) => around('rename', () => disk.rename(from, to)),
    copy: (from, to) => around('copy', () => disk.copy(from, to)),
    remove: (path) => around('remove', () => disk.remove(path)),
  };
  return {
    disk: counted,
    fetchFor: (baseUrl) => (input, init) => {
      const path = new URL(String(input)).pathname.replace(/(batch_|file-)[^/]+/, '$1ID');
      return around(`${init?.method ?? 'GET'} ${path}`, () => deps.fetchFor(baseUrl)(input, init));
    },
    ledger: {
      record: (call, attempts) => {
        observe('before record');
        deps.ledger.record(call, attempts);
      },
      flush: () => {
        observe('before flush');
        deps.ledger.flush();
        observe('after flush');
      },
    },
  };
}
