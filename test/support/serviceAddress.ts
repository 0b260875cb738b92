import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceAddress } from '../../src/service/api.ts';

/** Waits (10 s at most) until the service has written its discovery file, and reads it. */
export async function readServiceAddress(home: string, child?: ChildProcess): Promise<ServiceAddress> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child && (child.exitCode !== null || child.signalCode !== null)) {
      throw new Error(`the service ended with ${child.exitCode ?? child.signalCode} before it listened`);
    }
    const address = addressIn(home);
    if (address && (child === undefined || child.pid === address.pid)) return address;
    await sleep(50);
  }
  throw new Error('the service did not listen within 10 s');
}

function addressIn(home: string): ServiceAddress | undefined {
  try {
    const address: ServiceAddress = JSON.parse(readFileSync(join(home, 'service.json'), 'utf8'));
    return address;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      return undefined;
    }
    throw error;
  }
}
