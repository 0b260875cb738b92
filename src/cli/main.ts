import { version } from '../../package.json';
import { bundledAssets } from '../service/bundledAssets.ts';
import type { Command } from './command.ts';
import { createProcessContext } from './processContext.ts';
import { runCli } from './runCli.ts';
import { createServeCommand } from './serve.ts';

const commands: readonly Command[] = [createServeCommand(() => bundledAssets(process.argv[1] ?? ''))];

runCli(process.argv.slice(2), commands, version, createProcessContext(process)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exitCode = 1;
  },
);
