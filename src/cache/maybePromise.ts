/** What is known at once where it is on this machine, and waited for where it is not. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value as soon as it is there: in the same turn where it is there already. */
export function whenKnown<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
