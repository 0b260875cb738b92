import type { EntryStore } from './entryStore.ts';

/** Stands for a store whose address or key is not known: nothing is kept elsewhere instead. */
export const noEntryStore: EntryStore = {
  get: () => undefined,
  byWording: () => [],
  nearest: () => [],
  put: () => undefined,
  used: () => undefined,
  remove: () => false,
  bytesOf: () => 0,
  forgetQuestions: () => undefined,
  clear: () => 0,
  sweep: () => 0,
  stats: () => ({ entries: 0, bytes: 0, hits: 0, models: [], sessions: [] }),
  list: () => [],
  flush: () => undefined,
  close: () => undefined,
};
