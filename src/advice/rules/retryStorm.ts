import type { ModelCall } from '../../detect/calls/modelCall.ts';
import { type Advice, type Fix, message } from '../advice.ts';
import type { TextEdit } from '../aliasEdit.ts';
import { insertKey } from '../insertKey.ts';
import type { RuleContext } from '../ruleContext.ts';

/** Attempts of one call by the official SDKs of OpenAI and Anthropic and by the AI SDK: two repeats after the first. */
const attemptsOfSdk = 3;
const officialCallee = /(?:^|\.)(?:chat\.completions|responses|messages)\.(?:create|parse|new)$/;
const withoutRetries = /max_?retries\s*[=:(]\s*0|WithMaxRetries\(0\)|maxRetries\(0\)/i;
/** Clients of others with the same callees, or that turn retries off themselves. */
const otherClient = /\b(?:litellm|langchain|instructor|AzureAI|groq|together|mistralai|ollama)\b/i;

/** The SDKs that repeat, by how a file names them; others have callees of the same names. */
const officialSdk =
  /(?:from|import)\s+(?:openai|anthropic)\b|\b(?:Async)?(?:Azure)?OpenAI\(|['"](?:openai|@anthropic-ai\/[\w-]+|anthropic)['"]|openai-go|anthropic-sdk-go|com\.(?:openai|anthropic)\b|using (?:OpenAI|Anthropic|Azure\.AI\.OpenAI)\b/;

function sdkRetries(call: ModelCall, file: string): boolean {
  if (call.api === 'aiSdk') return true;
  return (
    officialSdk.test(file) &&
    officialCallee.test(call.callee) &&
    ['openaiChat', 'openaiResponses', 'anthropicMessages'].includes(call.api)
  );
}

function fixOf(context: RuleContext, call: ModelCall): Fix[] {
  const edit = call.api === 'aiSdk' ? insertKey(context.source, call, 'maxRetries', '0') : withOptions(context, call);
  return edit ? [{ kind: 'edit', title: message('Turn the repeats of the SDK off for this call'), edits: [edit] }] : [];
}

/** Python: `client.with_options(max_retries=0).chat…`. */
function withOptions({ source }: RuleContext, { span, arguments: list }: ModelCall): TextEdit | undefined {
  if (source.languageId !== 'python') return undefined;
  const callee = source.text.slice(span.start, list.start);
  const at = callee.search(/\s*\.\s*(?:beta\s*\.\s*)?(?:chat\s*\.\s*completions|responses|messages)\b/);
  // The module `openai` itself has no such method.
  if (at <= 0 || /^(?:openai|anthropic)$/.test(callee.slice(0, at))) return undefined;
  const start = span.start + at;
  return { span: { start, end: start }, newText: '.with_options(max_retries=0)' };
}

/** An own retry around a call that is retried already: the attempts multiply, just when a provider is overloaded. */
export function retryStorm(context: RuleContext): Advice[] {
  if (withoutRetries.test(context.fileText) || otherClient.test(context.fileText)) return [];
  return context.calls.flatMap((call): Advice[] => {
    if (!call.retry || !sdkRetries(call, context.fileText) || call.keys.has('max_retries')) return [];
    const { attempts } = call.retry;
    return [
      {
        rule: 'retry-storm',
        span: call.name,
        message:
          attempts === undefined
            ? message(
                'The SDK makes up to {0} attempts itself: each attempt of the own retry around it becomes up to {0} requests. Set max_retries to 0, or leave the retries to the SDK.',
                attemptsOfSdk,
              )
            : message(
                'The SDK makes up to {0} attempts itself: with {1} attempts around it, one call becomes up to {2} requests. Set max_retries to 0, or leave the retries to the SDK.',
                attemptsOfSdk,
                attempts,
                attempts * attemptsOfSdk,
              ),
        fixes: fixOf(context, call),
      },
    ];
  });
}
