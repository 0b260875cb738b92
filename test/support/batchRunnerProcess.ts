import { join } from 'node:path';
import { batchSchema } from '../../src/batch/batchSchema.ts';
import { createBatchRunner } from '../../src/batch/createBatchRunner.ts';
import { nodeDisk } from '../../src/batch/nodeDisk.ts';
import { createLedger } from '../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../src/ledger/ledgerSchema.ts';
import { openStore } from '../../src/store/openStore.ts';
import { batchConfig, characterCounter, quickTiming, testCatalog, workspaceId } from './batchHarness.ts';
import { countedDeps } from './countedDeps.ts';

/**
 * A batch runner in a process of its own, to be killed: `FOLDER MODEL BASE_URL EVENT OCCURRENCE PROMPT…`. With prompts it
 * submits them, without it takes up what is there. Kills itself with SIGKILL at the event; ends when all is collected.
 */
const [folder = '', defaultModel = '', baseUrl = '', fatalEvent = '', occurrence = '1', ...promptPaths] =
  process.argv.slice(2);

const store = openStore({ path: join(folder, 'test.db'), schemas: [ledgerSchema, batchSchema], clock: Date.now });
const ledger = createLedger({
  store,
  onProblem: ({ error }) => {
    throw error;
  },
});
let ids = 0;
const newId = (): string => {
  ids += 1;
  return `p${process.pid}-${ids}`;
};
let seen = 0;
const observe = (event: string): void => {
  if (event !== fatalEvent) return;
  seen += 1;
  if (seen === Number(occurrence)) process.kill(process.pid, 'SIGKILL');
};
const { promise: ended, resolve: end } = withResolver();
const runner = createBatchRunner({
  store,
  catalogOf: () => testCatalog,
  tokenCounter: characterCounter,
  configOf: () => batchConfig(baseUrl, {}, baseUrl),
  keyOf: () => 'test-key',
  clock: {
    now: Date.now,
    startTimer: (ms, fire) => {
      const timer = setTimeout(fire, ms);
      return () => clearTimeout(timer);
    },
  },
  random: () => 0.5,
  newId,
  dataFolder: join(folder, '.data'),
  onJobs: () => undefined,
  onJobEnded: end,
  log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  timing: quickTiming,
  ...countedDeps({ disk: nodeDisk(newId), fetchFor: () => fetch, ledger }, observe),
});

if (promptPaths.length > 0) {
  const plan = await runner.plan({ workspaceId, promptPaths, defaultModel });
  await runner.submit(plan.id);
} else {
  runner.start();
  if (runner.jobs(workspaceId).every(({ collected }) => collected)) end();
}
await ended;
await runner.stop();
ledger.close();
store.close();

function ignore(): void {}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
