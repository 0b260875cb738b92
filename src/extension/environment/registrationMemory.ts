import { createHash } from 'node:crypto';
import type { ExtensionContext } from 'vscode';
import * as z from 'zod';
import type { RegisteredWorkspace } from '../../service/api.ts';
import { describeError, type Log } from '../log.ts';

/** The last registration of a folder, so that variables can be set before the service answers. It holds a token. */
export interface RegistrationMemory {
  recall(folder: string): Promise<RegisteredWorkspace | undefined>;
  remember(folder: string, workspace: RegisteredWorkspace): Promise<void>;
}

const registrationSchema = z.object({
  workspaceId: z.string(),
  token: z.string(),
  baseUrls: z.object({ openai: z.string(), anthropic: z.string() }),
  demo: z.boolean(),
});

export function createRegistrationMemory(
  secrets: Pick<ExtensionContext['secrets'], 'get' | 'store'>,
  log: Log,
): RegistrationMemory {
  const keyOf = (folder: string): string =>
    `tollgate.workspace.${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  return {
    async recall(folder) {
      const text = await secrets.get(keyOf(folder));
      if (text === undefined) return undefined;
      try {
        return registrationSchema.parse(JSON.parse(text));
      } catch (error) {
        log.debug('a remembered registration is of another version', describeError(error));
        return undefined;
      }
    },
    remember: async (folder, workspace) => secrets.store(keyOf(folder), JSON.stringify(workspace)),
  };
}
