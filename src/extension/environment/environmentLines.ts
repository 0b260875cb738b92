import type { RegisteredWorkspace } from '../../service/api.ts';
import { presenceVariable, providerVariables } from './providerVariables.ts';

/** Lines for a shell or a `.env` file that send a program's calls through Tollgate. They hold the token. */
export function environmentLines(workspace: RegisteredWorkspace): string[] {
  return [
    ...providerVariables.map(({ provider, baseUrl }) => `${baseUrl}=${workspace.baseUrls[provider]}`),
    `${presenceVariable}=1`,
  ];
}

/** The same lines to look at: the token is left out, so that a screen can be shared. */
export function maskedEnvironmentLines(workspace: RegisteredWorkspace): string[] {
  return environmentLines(workspace).map((line) => line.replaceAll(workspace.token, '…'));
}
