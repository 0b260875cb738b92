import { dirname, relative, resolve } from 'node:path';
import { createPromptCounter } from '../budget/promptCounter.ts';
import { explainRoute, type RouteExplanation } from '../routing/explainRoute.ts';
import type { Disk } from '../scan/disk.ts';
import type { TokenCounter } from '../tokens/tokenCount.ts';
import { instructionsOf } from '../wire/instructions.ts';
import { isJsonObject, parseJson } from '../wire/json.ts';
import type { BodyEndpoint, ParsedRequest } from '../wire/parsedRequest.ts';
import { parseRequest } from '../wire/parseRequest.ts';
import { requestTraits } from '../wire/requestTraits.ts';
import { type Command, exitCode } from './command.ts';
import { badArguments } from './errors.ts';
import { parseArguments } from './parseArguments.ts';
import { findConfig } from './workspaceConfig.ts';

const help = `Usage: tollgate route [options] FILE

Says which alias and models a call with model "auto" would get, and why, by the routes and tiers of the nearest
tollgate.jsonc. Nothing is sent. FILE is a prompt as text, or the JSON body of a request (chat completions, Responses,
Anthropic messages). Where guards have put routes, and what conversations already have, only the service knows.

  --task NAME       the task the call would name (x-tollgate-task)
  --feature NAME    the feature it would name
  --call-site PATH  the source file it would come from, relative to the workspace; that of FILE by default
  --json            the explanation as JSON

Exit codes: 0 it has a route; 1 it would be refused; 2 wrong arguments.
`;

const options = {
  task: { type: 'string' },
  feature: { type: 'string' },
  'call-site': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export interface RouteCommandDeps {
  readonly disk: Disk;
  readonly createCounter: () => TokenCounter;
}

/** Counted as OpenAI's models do, like a call that asks to be routed. */
const countedAs = { id: '', tokenizer: 'o200k' };

/** `tollgate route`: what *Explain Route* says in the editor. */
export function createRouteCommand({ disk, createCounter }: RouteCommandDeps): Command {
  return {
    name: 'route',
    summary: 'say which model a prompt would get, and why',
    help,
    run: async (args, { cwd, print, complain }) => {
      const { values, positionals } = parseArguments('route', args, options);
      const [file, ...more] = positionals;
      if (file === undefined || more.length > 0) throw badArguments('route', 'Name one file with a prompt');
      const path = resolve(cwd, file);
      if ((await disk.kindOf(path)) !== 'file') throw badArguments('route', `There is no file "${file}"`);
      const { path: configPath, config, problems } = await findConfig(disk, dirname(path));
      for (const problem of problems) complain(`tollgate: ${problem}\n`);
      const request = requestIn(new TextDecoder().decode(await disk.read(path)));
      const counter = createCounter();
      try {
        const { total } = await createPromptCounter(counter).count(request, countedAs, 'tokens');
        const explained = explainRoute({
          config,
          instructions: instructionsOf(request),
          promptTokens: total,
          facts: {
            task: values.task,
            feature: values.feature,
            callSite: values['call-site'] ?? relative(dirname(configPath ?? path), path),
            ...requestTraits(request),
            inputTokens: total,
          },
          guards: [],
        });
        await print(
          values.json ? `${JSON.stringify({ tokens: total, ...explained }, undefined, 2)}\n` : textOf(explained),
        );
        return explained.decision === undefined ? exitCode.problems : exitCode.ok;
      } finally {
        await counter.dispose();
      }
    },
  };
}

/** The body of a request as it is; any other text as what a user says. */
function requestIn(text: string): ParsedRequest {
  const body = parseJson(text);
  const isRequest = isJsonObject(body) && (Array.isArray(body.messages) || body.input !== undefined);
  const sent = isRequest ? text : JSON.stringify({ messages: [{ role: 'user', content: text }] });
  const parsed = parseRequest(isRequest ? endpointOf(body) : 'chat.completions', Buffer.from(sent));
  if ('problem' in parsed) throw badArguments('route', `The request in the file cannot be read (${parsed.problem})`);
  return parsed.request;
}

function endpointOf(body: ParsedRequest['body']): BodyEndpoint {
  if (!Array.isArray(body.messages)) return 'responses';
  return body.system === undefined ? 'chat.completions' : 'messages';
}

function textOf({ routes, level, asks, decision, alias, targets }: RouteExplanation): string {
  const taken = routes.findIndex(({ unmet }) => unmet === undefined);
  const lines = routes.map(({ name, use, unmet }, index) => {
    const why =
      unmet === undefined ? (index === taken ? 'taken' : 'an earlier route is taken') : `${unmet} does not fit`;
    return `${index === taken ? '>' : ' '} ${name} -> ${use}: ${why}`;
  });
  if (level !== undefined)
    lines.push(`> by its words: ${level.level} (score ${level.score}: ${level.because.join(', ')})`);
  if (asks !== undefined) lines.push(`? in doubt: ${asks} would be asked first`);
  lines.push(
    alias === undefined
      ? 'The call would be refused: no route fits it.'
      : `${alias}: ${targets.join(', ')}\nx-tollgate-route: ${decision ?? ''}`,
  );
  return `${lines.join('\n')}\n`;
}
