import type { EnclosingLoop, ModelApi, ModelCall } from '../../detect/calls/modelCall.ts';
import { type Advice, message } from '../advice.ts';
import { tokensText, usdPer1000Calls } from '../figures.ts';
import { knownModel, type RuleContext, tokensOf } from '../ruleContext.ts';

const withBatches: ReadonlySet<ModelApi> = new Set(['openaiChat', 'openaiResponses', 'anthropicMessages', 'gemini']);

/** Somebody talks to the program. */
const interactive =
  /\b(?:streamlit|gradio|chainlit|discord|telegram|slack_bolt|slack_sdk|flask|fastapi|aiohttp\.web|django|express|fastify|koa|hono|socket\.io|websockets?|next\/server|readline|inquirer|prompt_toolkit|pyaudio|speech_recognition)\b|\binput\(|from ['"]vscode['"]/i;
const interactiveOwner =
  /chat|agent|handle|handler|stream|respond|reply|interactive|converse|dialog|turn|step|loop|tool/;
/** Runs over attempts, turns or models, and not over work. */
const noWork =
  /retr(?:y|ies)|attempt|\bmodels?\b|provider|\bturns?\b|\bsteps?\b|\brounds?\b|iteration|\btools?\b|epoch|\bstream\b|\bchunks? (?:in|of) (?:stream|response)/i;
/** A handful written out. */
const handful = /\b(?:in|of)\s+(?:enumerate\()?[[({]/;

function isWork({ kind, header }: EnclosingLoop): boolean {
  return (kind === 'over' || kind === 'map') && !noWork.test(header) && !handful.test(header);
}

/** An answer goes into the next question, or ends the loop. */
function isDependent(context: RuleContext, call: ModelCall, loop: EnclosingLoop): boolean {
  const body = context.text(loop.span);
  if (loop.kind === 'over' && /\b(?:break|return)\b/.test(body)) return true;
  // What is timed one by one is measured, not produced.
  if (/\btime\.time\(|perf_counter|performance\.now|Stopwatch/.test(body)) return true;
  const given = context.text(call.arguments);
  return [...madeOf(call, body)].some((name) => names(given, name));
}

const names = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text);

/** Names in the body that hold the answer, something made of it, or a collection that is added to. */
function madeOf({ result }: ModelCall, body: string): ReadonlySet<string> {
  const made = new Set<string>();
  const added = /([A-Za-z_$][\w$]*)\s*(?:\.(?:append|push|extend|add|insert|unshift)\(|\+=|=\s*append\()/g;
  for (const [, name = ''] of body.matchAll(added)) made.add(name);
  if (result.kind !== 'assigned' || result.name === '') return made;
  made.add(result.name);
  for (const [, name = '', value = ''] of body.matchAll(/([A-Za-z_$][\w$]*)\s*=(?!=)\s*([^\n]*)/g))
    if ([...made].some((known) => names(value, known))) made.add(name);
  return made;
}

function isIndependent(context: RuleContext, call: ModelCall): boolean {
  const [innermost] = call.loops;
  if (!innermost || call.inHandler || call.open || call.retry?.by === 'loop') return false;
  if (!call.loops.every(isWork) || call.loops.some((loop) => isDependent(context, call, loop))) return false;
  if (interactiveOwner.test(call.owner?.name ?? '')) return false;
  return (
    !/\bstream\b/.test(call.callee) &&
    !['stream', 'tools', 'tool_choice', 'functions'].some((key) => call.keys.has(key))
  );
}

/** Calls of a loop that do not wait for each other, where nobody waits for them: a batch does them at a discount. */
export async function batchableLoop(context: RuleContext): Promise<Advice[]> {
  if (interactive.test(context.fileText)) return [];
  const calls = context.calls.filter((call) => withBatches.has(call.api) && isIndependent(context, call));
  const advice = await Promise.all(calls.map((call) => adviceOn(context, call)));
  return advice.flat();
}

async function adviceOn(context: RuleContext, call: ModelCall): Promise<Advice[]> {
  const model = knownModel(context, context.modelOfCall(call));
  const standard = model?.price?.usdPerMTok;
  const batch = model?.price?.tiers?.batch;
  if (!model || standard?.input === undefined || batch?.input === undefined || batch.input >= standard.input) return [];
  const share = Math.round((1 - batch.input / standard.input) * 100);
  const counted = await tokensOf(context, context.promptsOf(call), model);
  const advice = { rule: 'batchable-loop', span: call.name, fixes: [] } as const;
  if (!counted || counted.tokens === 0)
    return [
      {
        ...advice,
        message: message(
          'The calls of this loop do not depend on each other. If nobody waits for the answers, a batch of {0} does them {1} % cheaper.',
          model.id,
          share,
        ),
      },
    ];
  return [
    {
      ...advice,
      message: message(
        'The calls of this loop do not depend on each other. If nobody waits for the answers, a batch of {0} does them {1} % cheaper: about {2} per 1,000 calls on the {3} fixed input tokens alone (estimate).',
        model.id,
        share,
        usdPer1000Calls(counted.tokens, standard.input - batch.input),
        tokensText(counted.tokens, counted.estimated),
      ),
    },
  ];
}
