// npm run bench [-- NAME… --FLAG…]: every test/bench/*.bench.ts, one after the other. Each prints ratios against a peer or a
// floor measured in the same run; absolute times on a shared machine say little.
import { build, filesOf, run, StepFailed, script } from './steps.ts';

await script(async () => {
  const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
  const files = filesOf('test/bench', '.bench.ts').filter(
    (file) => chosen.length === 0 || chosen.some((name) => file.includes(name)),
  );
  if (files.length === 0) throw new StepFailed(`no benchmark is named ${chosen.join(', ')}`);
  await build();
  for (const file of files) {
    console.log(`\n# ${file}`);
    await run(process.execPath, ['--expose-gc', file, ...flags]);
  }
});
