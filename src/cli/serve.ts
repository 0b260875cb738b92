import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { configFileName } from '../config/config.ts';
import type { ConfigStatus } from '../service/api.ts';
import type { BundledAssets } from '../service/bundledAssets.ts';
import { homeFolder } from '../service/home.ts';
import { keepCompiled } from '../service/keepCompiled.ts';
import { type Command, type CommandContext, exitCode } from './command.ts';
import { badArguments } from './errors.ts';
import { parseArguments } from './parseArguments.ts';
import { readTokenFile } from './readTokenFile.ts';

const help = `Usage: tollgate serve [--config FILE] [--port N] [--data DIR] [--token-file FILE]

Runs the service in the foreground, for CI and for people without VS Code. When it listens it prints one line of JSON,

  {"url":"http://127.0.0.1:PORT","token":"TOKEN"}

and everything else goes to standard error. Point programs at \${url}/t/\${token}/v1 (OpenAI) or \${url}/t/\${token}
(Anthropic) and they keep their own provider key; or at \${url}/v1 with the token as x-tollgate-token, or as their
API key, in which case the keys named in the configuration (env:NAME) are used. SIGTERM settles what is open and ends it.

  --config FILE      the configuration (default: tollgate.jsonc here); ${'tollgate.local.jsonc'} beside it is read too
  --port N           listen at this port, or fail (default: the one of last time, else a free one)
  --data DIR         where the database and the tokens are kept (default: TOLLGATE_HOME, else the user's data folder)
  --token-file FILE  take the token from this file; it is made, with a new token, where it is missing
  --token TOKEN      take this token: for tests, because other users of the machine can see it
`;

const options = {
  config: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  'token-file': { type: 'string' },
  token: { type: 'string' },
} as const;

interface ServeOptions {
  readonly configPath: string;
  readonly port?: number;
  readonly dataFolder?: string;
  readonly token?: string;
}

/** `tollgate serve`. */
export function createServeCommand(assets: () => BundledAssets): Command {
  return {
    name: 'serve',
    summary: 'run the proxy in the foreground',
    help,
    run: async (args, context) => serve(readOptions(args, context.cwd), assets(), context),
  };
}

function readOptions(args: readonly string[], cwd: string): ServeOptions {
  const { values, positionals } = parseArguments('serve', args, options);
  if (positionals.length > 0) throw badArguments('serve', `Unexpected argument '${positionals[0]}'`);
  const configPath = resolve(cwd, values.config ?? configFileName);
  if (!existsSync(configPath)) throw badArguments('serve', `There is no ${configPath}`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !Number.isInteger(port)) throw badArguments('serve', `'${values.port}' is no port`);
  const tokenFile = values['token-file'];
  if (tokenFile !== undefined && values.token !== undefined)
    throw badArguments('serve', "Options '--token' and '--token-file' exclude each other");
  const token = tokenFile === undefined ? values.token : readTokenFile(resolve(cwd, tokenFile));
  if (token !== undefined && !/^[\w.~-]+$/.test(token))
    throw badArguments('serve', 'A token may have letters, digits and . _ ~ - only');
  return {
    configPath,
    ...(port === undefined ? {} : { port }),
    ...(values.data === undefined ? {} : { dataFolder: resolve(cwd, values.data) }),
    ...(token === undefined ? {} : { token }),
  };
}

async function serve(options: ServeOptions, assets: BundledAssets, context: CommandContext): Promise<number> {
  keepCompiled(options.dataFolder ?? homeFolder(context.env, process.platform));
  // Loaded only here: other commands need nothing of the service.
  const { startHeadless } = await import('../service/startHeadless.ts');
  const started = await startHeadless({
    ...options,
    folder: dirname(options.configPath),
    assets,
    env: context.env,
    writeLog: context.complain,
  });
  if ('failed' in started) {
    context.complain(`tollgate: ${started.failed}\n`);
    return exitCode.problems;
  }
  complainOfConfig(started.configStatus, context);
  await context.print(`${JSON.stringify({ url: started.url, token: started.token })}\n`);
  context.signal.addEventListener('abort', () => void started.stop());
  if (context.signal.aborted) await started.stop();
  await started.ended;
  return exitCode.ok;
}

function complainOfConfig(status: ConfigStatus | undefined, context: CommandContext): void {
  for (const { path, severity, message, start } of status?.problems ?? [])
    context.complain(`tollgate: ${severity} in ${path ?? 'the settings'} at character ${start}: ${message}\n`);
}
