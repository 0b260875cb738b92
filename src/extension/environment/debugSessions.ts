import { randomUUID } from 'node:crypto';
import { type DebugConfiguration, debug, type WorkspaceFolder } from 'vscode';
import type { Disposable } from '../disposables.ts';
import { describeError, type Log } from '../log.ts';
import { withDebugEnvironment } from './debugEnvironment.ts';
import { findConflicts } from './environmentSources.ts';
import { sourcesOfDebugConfiguration } from './gatherSources.ts';
import type { GitHead } from './gitHead.ts';
import type { Metering } from './metering.ts';

/** Meters debug sessions, each as a session of its own. The variables of terminals do not reach them. */
export function startDebugSessions(
  metering: Metering,
  gitHead: (folder: WorkspaceFolder | undefined) => GitHead | undefined,
  log: Log,
): Disposable {
  return debug.registerDebugConfigurationProvider('*', {
    async resolveDebugConfigurationWithSubstitutedVariables(folder, configuration): Promise<DebugConfiguration> {
      try {
        const conflicts = findConflicts(await sourcesOfDebugConfiguration(configuration, log));
        const plan = metering.sessionPlan(folder, conflicts);
        if (plan === undefined) return configuration;
        const headers = sessionHeaders(gitHead(folder));
        const append = new Map([...plan.append.keys()].map((name) => [name, headers]));
        const changed = withDebugEnvironment(configuration, { ...plan, append }, process.env);
        return changed === undefined ? configuration : { ...configuration, ...changed };
      } catch (error) {
        // A session that is not metered is better than one that does not start.
        log.error('a debug session is not metered', describeError(error));
        return configuration;
      }
    },
  });
}

function sessionHeaders(head: GitHead | undefined): string {
  const lines = [
    `x-tollgate-session: debug-${randomUUID().slice(0, 8)}`,
    ...(head?.branch === undefined ? [] : [`x-tollgate-branch: ${head.branch}`]),
    ...(head?.commit === undefined ? [] : [`x-tollgate-commit: ${head.commit}`]),
  ];
  return lines.map((line) => `\n${line}`).join('');
}
