import * as assert from 'node:assert/strict';
import { readAddress } from '../../../src/service/address.ts';
import { type ControlClient, ControlFailed, createControlClient } from '../../../src/service/controlClient.ts';
import { homeAt, homeFolder } from '../../../src/service/home.ts';
import { eventually } from './editor.ts';

/** The service that the extension under test has started, once it answers. */
export async function runningService(): Promise<ControlClient> {
  const { addressPath } = homeAt(homeFolder(process.env, process.platform));
  return eventually('running service', async () => {
    const address = readAddress(addressPath);
    if (address === undefined) return undefined;
    const client = createControlClient({ ...address, fetch });
    try {
      assert.equal((await client.info()).pid, address.pid);
      return client;
    } catch (error) {
      if (ControlFailed.is(error, 'unreachable')) return undefined;
      throw error;
    }
  });
}
