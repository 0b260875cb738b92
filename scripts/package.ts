import { statSync } from 'node:fs';
import { packageVsix, script } from './steps.ts';

await script(async () => {
  const path = await packageVsix();
  console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(2)} MB`);
});
