import { resolve } from 'node:path';
import * as z from 'zod';
import { spendPeriods } from '../ledger/spendText.ts';
import { readAddress } from '../service/address.ts';
import { askSpend } from '../service/askSpend.ts';
import { ControlFailed, createControlClient } from '../service/controlClient.ts';
import { homeAt, homeFolder } from '../service/home.ts';
import { type Command, type CommandContext, exitCode } from './command.ts';
import { badArguments } from './errors.ts';
import { parseArguments } from './parseArguments.ts';

const help = `Usage: tollgate mcp [--folder DIR] [--data DIR]

An MCP server on standard input and output, with which agents ask what calls cost. It reads from the service that runs
(Tollgate in an editor, or tollgate serve); without one, the answer says so. It changes nothing.

  --folder DIR  the workspace (default: the current folder)
  --data DIR    where the service keeps its data (default: TOLLGATE_HOME, else the user's data folder)
`;

const options = { folder: { type: 'string' }, data: { type: 'string' } } as const;

/** `tollgate mcp`. */
export function createMcpCommand(version: string, now: () => number): Command {
  return {
    name: 'mcp',
    summary: 'answer agents that ask what calls cost (MCP over standard input and output)',
    help,
    run: async (args, context) => {
      const { values, positionals } = parseArguments('mcp', args, options);
      if (positionals.length > 0) throw badArguments('mcp', `Unexpected argument '${positionals[0]}'`);
      const folder = resolve(context.cwd, values.folder ?? '.');
      const dataFolder =
        values.data === undefined ? homeFolder(context.env, process.platform) : resolve(context.cwd, values.data);
      await serveMcp({ folder, dataFolder, version, now }, context);
      return exitCode.ok;
    },
  };
}

interface McpOptions {
  readonly folder: string;
  readonly dataFolder: string;
  readonly version: string;
  readonly now: () => number;
}

async function serveMcp(options: McpOptions, context: CommandContext): Promise<void> {
  // Loaded only here: no other command speaks MCP.
  const { McpServer, StdioServerTransport } = await import('./mcpSdk.ts');
  const server = new McpServer({ name: 'tollgate', version: options.version });
  server.registerTool(
    'spend',
    {
      title: 'What LLM calls cost',
      description:
        'What the LLM calls of this workspace cost through Tollgate: the sum, by model, by feature, what the cache saved, and the last call. Says what is estimated and what has no known price.',
      inputSchema: z.object({ period: z.enum(spendPeriods).describe('today, the last 7 days, or the last 31 days') }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ period }) => {
      try {
        return { content: [{ type: 'text' as const, text: await spendOf(options, period) }] };
      } catch (error) {
        if (!(error instanceof ControlFailed)) throw error;
        return { content: [{ type: 'text' as const, text: error.message }], isError: true };
      }
    },
  );
  const transport = new StdioServerTransport();
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    context.signal.addEventListener('abort', () => resolve(), { once: true });
    // The agent has closed its end.
    process.stdin.once('end', resolve);
  });
  await server.connect(transport);
  await closed;
  await server.close();
}

async function spendOf(
  { folder, dataFolder, now }: McpOptions,
  period: (typeof spendPeriods)[number],
): Promise<string> {
  const address = readAddress(homeAt(dataFolder).addressPath);
  if (address === undefined)
    throw new ControlFailed(
      0,
      'unreachable',
      'No Tollgate service is running. Open the workspace in VS Code, or run tollgate serve.',
    );
  const client = createControlClient({ port: address.port, controlToken: address.controlToken, fetch });
  const { workspaceId } = await client.registerWorkspace({ folder, trusted: false, keep: true });
  return askSpend(client, workspaceId, period, now());
}
