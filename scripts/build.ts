import { build, script } from './steps.ts';

await script(() => build(...process.argv.slice(2)));
