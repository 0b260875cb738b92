import { resolve } from 'node:path';
import { calibrationText } from '../cache/calibration/calibrationText.ts';
import type { BundledAssets } from '../service/bundledAssets.ts';
import { ControlFailed } from '../service/controlClient.ts';
import { nearestConfig } from './batch/batchOptions.ts';
import { openBatchService } from './batch/openBatchService.ts';
import { type Command, exitCode } from './command.ts';
import { badArguments } from './errors.ts';
import { parseArguments } from './parseArguments.ts';

const help = `Usage: tollgate cache calibrate [options]

Scores an embedder on 400 labelled pairs of developers' questions and on the pairs that were judged in this workspace, with
the cache's guards before it, and proposes the lowest threshold at which wrong hits stay at a chosen rate or below.

  --embedder NAME     lexical, onnx:MODEL or provider/model; that of tollgate.jsonc by default
  --false-hits SHARE  wrong hits among the hits of the embedder, at most; 0.02 by default
  --config FILE       the tollgate.jsonc; the nearest one by default
  --data FOLDER       the data folder
  --json              the report as JSON

A provider is sent the 400 pairs, and bills them.

Exit codes: 0 a threshold is proposed; 1 none is good enough, or the embedder cannot be asked; 2 wrong arguments.
`;

const options = {
  embedder: { type: 'string' },
  'false-hits': { type: 'string' },
  config: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `tollgate cache calibrate`. */
export function createCacheCommand(assets: () => BundledAssets): Command {
  return {
    name: 'cache',
    summary: 'calibrate the semantic cache',
    help,
    run: async (args, context) => {
      const { values, positionals } = parseArguments('cache', args, options);
      if (positionals.join(' ') !== 'calibrate') throw badArguments('cache', 'Say what: calibrate');
      const falseHitRate = Number(values['false-hits'] ?? '0.02');
      if (!(falseHitRate >= 0 && falseHitRate <= 0.5))
        throw badArguments('cache', '--false-hits is a share from 0 to 0.5, like 0.02');
      const service = await openBatchService({
        configPath: values.config === undefined ? nearestConfig(context.cwd) : resolve(context.cwd, values.config),
        ...(values.data === undefined ? {} : { dataFolder: resolve(context.cwd, values.data) }),
        assets: assets(),
        context,
      });
      if ('failed' in service) {
        context.complain(`tollgate: ${service.failed}\n`);
        return exitCode.problems;
      }
      try {
        const { client, workspaceId } = service;
        const named = values.embedder === undefined ? {} : { embedder: values.embedder };
        const report = await client.calibrateCache({ workspaceId, falseHitRate, ...named });
        await context.print(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : calibrationText(report));
        return report.proposed === undefined ? exitCode.problems : exitCode.ok;
      } catch (error) {
        if (!ControlFailed.is(error)) throw error;
        context.complain(`tollgate: ${error.message}\n`);
        return exitCode.problems;
      } finally {
        await service.close();
      }
    },
  };
}
