// npm run soak [-- NAME…]: the unit tests that scale with TOLLGATE_SOAK (faults, kills, fuzz) at their full counts,
// of which `npm test` runs about one in a hundred.
import { filesOf, run, StepFailed, script } from './steps.ts';

await script(async () => {
  const chosen = process.argv.slice(2);
  const files = filesOf('test', '.test.ts').filter(
    (file) => file.startsWith('test/unit/') || file.startsWith('test/soak/'),
  );
  const named = files.filter((file) => chosen.length === 0 || chosen.some((name) => file.includes(name)));
  if (named.length === 0) throw new StepFailed(`no test is named ${chosen.join(', ')}`);
  await run(process.execPath, ['--test', '--test-timeout=3600000', ...named], {
    env: { ...process.env, TOLLGATE_SOAK: '100' },
  });
});
