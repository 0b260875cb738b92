import { RelativePattern, Uri, type WorkspaceFolder, workspace } from 'vscode';
import { describeError, type Log } from '../log.ts';
import type { EnvironmentSource } from './environmentSources.ts';
import { parseEnvFile } from './parseEnvFile.ts';

/** Where a folder's programs get variables from, as far as this can be seen without running one. */
export interface FolderSources {
  /** What terminals and tasks inherit, and the files that programs load by themselves. */
  readonly shared: readonly EnvironmentSource[];
  /** Each launch configuration is a world of its own. */
  readonly launch: readonly EnvironmentSource[];
}

const mostEnvFiles = 20;

export async function gatherSources(folder: WorkspaceFolder, log: Log): Promise<FolderSources> {
  return {
    shared: [
      { kind: 'process', name: 'environment', variables: mapOf(process.env) },
      ...terminalSetting(folder),
      ...(await envFiles(folder, log)),
    ],
    launch: launchConfigurations(folder),
  };
}

/** The variables of a debug configuration: its own, then those of its `envFile`. */
export async function sourcesOfDebugConfiguration(
  configuration: Readonly<Record<string, unknown>>,
  log: Log,
): Promise<readonly EnvironmentSource[]> {
  const name = typeof configuration.name === 'string' ? configuration.name : '';
  const own: EnvironmentSource = { kind: 'launchConfiguration', name, variables: mapOf(configuration.env) };
  const { envFile } = configuration;
  if (typeof envFile !== 'string' || envFile === '') return [own];
  const variables = await readVariables(Uri.file(envFile), log);
  return [own, { kind: 'envFile', name: workspace.asRelativePath(envFile), variables }];
}

async function envFiles(folder: WorkspaceFolder, log: Log): Promise<EnvironmentSource[]> {
  const uris = await workspace.findFiles(new RelativePattern(folder, '.env*'), null, mostEnvFiles);
  const examples = /\.(example|sample|template|dist)$/;
  return Promise.all(
    uris
      .filter(({ path }) => !examples.test(path))
      .map(async (uri) => ({
        kind: 'envFile' as const,
        name: workspace.asRelativePath(uri, false),
        variables: await readVariables(uri, log),
      })),
  );
}

async function readVariables(uri: Uri, log: Log): Promise<ReadonlyMap<string, string>> {
  try {
    return parseEnvFile(new TextDecoder().decode(await workspace.fs.readFile(uri)));
  } catch (error) {
    log.debug(`${uri.path} could not be read`, describeError(error));
    return new Map();
  }
}

function terminalSetting(folder: WorkspaceFolder): EnvironmentSource[] {
  const platform = process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'osx' : 'linux';
  const name = `terminal.integrated.env.${platform}`;
  const variables = mapOf(workspace.getConfiguration(undefined, folder.uri).get<unknown>(name));
  return variables.size === 0 ? [] : [{ kind: 'terminalSetting', name, variables }];
}

function launchConfigurations(folder: WorkspaceFolder): EnvironmentSource[] {
  const configurations = workspace.getConfiguration('launch', folder.uri).get<unknown>('configurations');
  if (!Array.isArray(configurations)) return [];
  return configurations.flatMap((configuration: unknown) => {
    if (typeof configuration !== 'object' || configuration === null || !('env' in configuration)) return [];
    const name = 'name' in configuration && typeof configuration.name === 'string' ? configuration.name : 'launch.json';
    return [{ kind: 'launchConfiguration' as const, name, variables: mapOf(configuration.env) }];
  });
}

function mapOf(variables: unknown): ReadonlyMap<string, string> {
  if (typeof variables !== 'object' || variables === null) return new Map();
  return new Map(Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
