/** Runs pieces of work of the same key one after the other; a failure of one is no concern of the next. */
export type InTurn = (key: string, work: () => Promise<void>) => Promise<void>;

export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => true,
      () => false,
    );
    last.set(key, settled);
    settled.then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    return turn;
  };
}
