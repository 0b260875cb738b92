import type { CacheClock } from '../entryStore.ts';
import { sharedStoreAnswersAgain, sharedStoreSlow, sharedStoreTooOld, sharedStoreUnreachable } from '../errors.ts';

export type CommandPart = string | Buffer;

/** One connection of a Redis client. Made by `openRedisClient`. */
export interface RedisConnection {
  /** Rejects at once where there is no connection now. Replies are those of RESP 2. */
  send(command: readonly CommandPart[]): Promise<unknown>;
  readonly isReady: boolean;
  onReady(listener: () => void): void;
  /** Told at each failure, also while it tries to connect again. */
  onError(listener: (error: unknown) => void): void;
  close(): void;
}

export interface RedisLinkDeps {
  readonly connection: RedisConnection;
  /** For messages: host and port, never a password. */
  readonly name: string;
  readonly clock: CacheClock;
  /** Told in words for the user, once until it answers again. */
  readonly onProblem: (message: string) => void;
  readonly onRecovered: (message: string) => void;
}

/** A Redis that may be away: whatever is asked of it then is not waited for. */
export interface RedisLink {
  /** It is there, and was quick enough lately. */
  isUsable(): boolean;
  /** Undefined = no answer within `withinMs`, or none at all. */
  ask(command: readonly CommandPart[], withinMs: number): Promise<unknown>;
  /** Not waited for. */
  tell(commands: readonly (readonly CommandPart[])[]): void;
  close(): void;
}

/** After a late answer calls go on without Redis for this long, then twice as long, and so on. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

export function createRedisLink({ connection, name, clock, onProblem, onRecovered }: RedisLinkDeps): RedisLink {
  let told: string | undefined;
  let pauseMs = firstPauseMs;
  let pausedUntilMs = 0;

  connection.onError((error) => tellOnce(sharedStoreUnreachable(name, error)));
  connection.onReady(recovered);

  return {
    isUsable,
    ask: async (command, withinMs) => {
      if (!isUsable()) return undefined;
      const late = Symbol('late');
      let cancel = (): void => {};
      const timer = new Promise<typeof late>((resolve) => {
        cancel = clock.startTimer(withinMs, () => resolve(late));
      });
      const answer = await Promise.race([sent(command), timer]);
      cancel();
      if (answer === late) pause(withinMs);
      else if (answer !== undefined) {
        pauseMs = firstPauseMs;
        if (told !== undefined) recovered();
      }
      return answer === late ? undefined : answer;
    },
    tell(commands) {
      if (!isUsable()) return;
      for (const command of commands) void sent(command);
    },
    close: () => connection.close(),
  };

  function isUsable(): boolean {
    return connection.isReady && clock.now() >= pausedUntilMs;
  }

  async function sent(command: readonly CommandPart[]): Promise<unknown> {
    try {
      return await connection.send(command);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tellOnce(/unknown command/i.test(reason) ? sharedStoreTooOld(name) : sharedStoreUnreachable(name, error));
      return undefined;
    }
  }

  function pause(waitedMs: number): void {
    pausedUntilMs = clock.now() + pauseMs;
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    tellOnce(sharedStoreSlow(name, waitedMs));
  }

  function recovered(): void {
    pausedUntilMs = 0;
    if (told === undefined) return;
    told = undefined;
    onRecovered(sharedStoreAnswersAgain(name));
  }

  function tellOnce(message: string): void {
    if (told !== undefined) return;
    told = message;
    onProblem(message);
  }
}
