import { binary, run, script } from './steps.ts';

await script(async () => {
  await run(binary('tsc'), ['-p', '.']);
  await run(binary('biome'), ['check', '.']);
});
