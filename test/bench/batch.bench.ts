// Planning, sending and collecting large jobs: one set of requests, and as many prompt files, at 10,000 and 50,000 items.
// CPU and wall time, beside the same bytes read and written in the plainest way; the most memory the process had.
// `npm run bench -- batch --large` for 50,000 items too. The provider is a process of its own; tokens are counted.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Shape } from './batch/inputs.ts';
import type { JobRun, Measured } from './batch/jobRun.ts';

const cases: readonly (readonly [provider: string, shape: Shape, items: number])[] = [
  ['openai', 'set', 10_000],
  ['openai', 'files', 10_000],
  ['anthropic', 'set', 10_000],
  ...(process.argv.includes('--large')
    ? [['openai', 'set', 50_000] as const, ['anthropic', 'set', 50_000] as const, ['openai', 'files', 50_000] as const]
    : []),
];

/** The first message of a process; an end without one is a failure. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const told = new AbortController();
  const { signal } = told;
  try {
    const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('the process ended early')));
    const [message]: unknown[] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  } finally {
    told.abort();
  }
}

async function run(provider: string, shape: Shape, items: number): Promise<JobRun> {
  const standIn = fork(join(import.meta.dirname, 'batch/standIn.ts'), [provider]);
  try {
    const baseUrl = String(await messageOf(standIn));
    const job = fork(join(import.meta.dirname, 'batch/jobRun.ts'), [baseUrl, provider, shape, String(items)], {
      execArgv: ['--expose-gc'],
    });
    // Sent: now the batch may end.
    await messageOf(job);
    standIn.send('end');
    const measured = (await messageOf(job)) as JobRun;
    return measured;
  } finally {
    standIn.kill();
  }
}

const floorOf = { plan: 'planFloor', send: undefined, collect: 'collectFloor' } as const;

function tell(step: keyof typeof floorOf, { steps, startMb }: JobRun): void {
  const { wallMs, cpuMs, systemMs, peakMb }: Measured = steps[step];
  const floor = floorOf[step];
  const ratio = floor === undefined ? '' : `  ${(cpuMs / steps[floor].cpuMs).toFixed(1)}x the floor's CPU`;
  console.log(
    `  ${step.padEnd(8)} ${wallMs.toFixed(0).padStart(6)} ms wall ${cpuMs.toFixed(0).padStart(6)} ms CPU` +
      ` (${systemMs.toFixed(0)} in the system)  peak ${peakMb.toFixed(0)} MB, +${(peakMb - startMb).toFixed(0)}${ratio}`,
  );
}

for (const [provider, shape, items] of cases) {
  console.log(`${provider}, ${items} ${shape === 'set' ? 'requests of one set' : 'prompt files'}`);
  const measured = await run(provider, shape, items);
  for (const step of ['plan', 'send', 'collect'] as const) tell(step, measured);
}
