// A service with the fake pipeline, as a process: node serviceProcess.ts '{"folder":…,"version":…}'. Prints one JSON line.
import { createLog } from '../../../src/service/log.ts';
import { type ServiceOptions, startService } from '../../../src/service/startService.ts';
import { fakePipeline } from './fakePipeline.ts';

type Given = Pick<ServiceOptions, 'folder' | 'version'> &
  Partial<Pick<ServiceOptions, 'port' | 'lingerMs' | 'settleMs'>>;

async function main(given: Given): Promise<void> {
  try {
    const service = await startService({
      ...given,
      env: {},
      log: createLog((line) => process.stderr.write(line), Date.now),
      clock: Date.now,
      schemas: [],
      createPipeline: fakePipeline,
    });
    // Before it says that it runs: who reads that may end it at once.
    process.on('SIGTERM', () => {
      void service.stop();
    });
    console.log(JSON.stringify(service.address));
  } catch (error) {
    console.log(JSON.stringify({ failed: error instanceof Error ? error.message : String(error) }));
    process.exitCode = 1;
  }
}

const given: Given = JSON.parse(process.argv[2] ?? '{}');
await main(given);
