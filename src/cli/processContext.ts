import type { CommandContext } from './command.ts';

/** The context of a command that runs in its own process. */
export function createProcessContext(target: NodeJS.Process): CommandContext {
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) target.once(name, () => ended.abort());
  // `tollgate scan . | head` closes our output early: stop, and do not die of EPIPE.
  target.stdout.on('error', () => ended.abort());
  return {
    cwd: target.cwd(),
    env: target.env,
    print: (text) =>
      new Promise((resolve) => {
        if (ended.signal.aborted || target.stdout.write(text)) return resolve();
        target.stdout.once('drain', resolve);
        ended.signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    complain: (text) => {
      target.stderr.write(text);
    },
    signal: ended.signal,
  };
}
