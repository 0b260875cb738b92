import type { JsonObject } from '../../wire/json.ts';
import { demoVector } from './demoVector.ts';

/** What a reply is made of, whatever its endpoint. */
export interface DemoReply {
  readonly model: string;
  readonly text: string;
  readonly isCut: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The same for the same request. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly choices: number;
}

/** OpenAI's, for chat and legacy completions. */
function usage(inputTokens: number, outputTokens: number): JsonObject {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

export function chatReply(reply: DemoReply): JsonObject {
  return {
    id: `chatcmpl-demo-${reply.id}`,
    object: 'chat.completion',
    created: reply.createdAt,
    model: reply.model,
    choices: Array.from({ length: reply.choices }, (_, index) => ({
      index,
      message: { role: 'assistant', content: reply.text, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: reply.isCut ? 'length' : 'stop',
    })),
    usage: usage(reply.inputTokens, reply.outputTokens * reply.choices),
    service_tier: 'default',
    system_fingerprint: 'fp_demo',
  };
}

export function completionReply(reply: DemoReply): JsonObject {
  return {
    id: `cmpl-demo-${reply.id}`,
    object: 'text_completion',
    created: reply.createdAt,
    model: reply.model,
    choices: Array.from({ length: reply.choices }, (_, index) => ({
      text: reply.text,
      index,
      logprobs: null,
      finish_reason: reply.isCut ? 'length' : 'stop',
    })),
    usage: usage(reply.inputTokens, reply.outputTokens * reply.choices),
  };
}

export function responsesReply(reply: DemoReply, body: JsonObject): JsonObject {
  const status = reply.isCut ? 'incomplete' : 'completed';
  return {
    id: `resp_demo_${reply.id}`,
    object: 'response',
    created_at: reply.createdAt,
    status,
    error: null,
    incomplete_details: reply.isCut ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: reply.model,
    output: [
      {
        type: 'message',
        id: `msg_demo_${reply.id}`,
        status,
        role: 'assistant',
        content: [{ type: 'output_text', text: reply.text, annotations: [], logprobs: [] }],
      },
    ],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: body.temperature ?? 1,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    usage: {
      input_tokens: reply.inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: reply.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: reply.inputTokens + reply.outputTokens,
    },
    metadata: body.metadata ?? {},
  };
}

export function messageReply(reply: DemoReply): JsonObject {
  return {
    id: `msg_demo_${reply.id}`,
    type: 'message',
    role: 'assistant',
    model: reply.model,
    content: [{ type: 'text', text: reply.text, citations: null }],
    stop_reason: reply.isCut ? 'max_tokens' : 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: reply.inputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: reply.outputTokens,
      service_tier: 'standard',
    },
  };
}

const largeDimensions = 3072;
const usualDimensions = 1536;

export function embeddingsReply(
  texts: readonly string[],
  model: string,
  body: JsonObject,
  inputTokens: number,
): JsonObject {
  const usual = model.endsWith('-large') ? largeDimensions : usualDimensions;
  const dimensions = typeof body.dimensions === 'number' ? Math.min(Math.max(1, body.dimensions), usual) : usual;
  const data = texts.map((text, index) => {
    const vector = demoVector(text, dimensions);
    const embedding =
      body.encoding_format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
    return { object: 'embedding', index, embedding };
  });
  return { object: 'list', data, model, usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } };
}
