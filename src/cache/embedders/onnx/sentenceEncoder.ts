import { type Encoding, Tokenizer } from '@huggingface/tokenizers';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import * as z from 'zod';
import { normalised } from '../normalised.ts';
import { encoderErrors, reasonOf } from './encoderErrors.ts';
import type { Pooling } from './encoderModels.ts';

export interface EncoderFiles {
  /** The ONNX runtime, unpacked. */
  readonly runtime: Uint8Array;
  readonly model: Uint8Array;
  /** Text of `tokenizer.json`. */
  readonly tokenizer: string;
}

export interface EncoderSettings {
  readonly pooling: Pooling;
  readonly maxTokens: number;
}

export interface SentenceEncoder {
  readonly dimensions: number;
  /** A vector of length 1; undefined where the text is longer than the model reads. */
  encode(text: string): Promise<Float32Array | undefined>;
  close(): Promise<void>;
}

const jsonObject = z.record(z.string(), z.unknown());
const knownInputs = new Set(['input_ids', 'attention_mask', 'token_type_ids']);

/**
 * Loads an encoder: an ONNX graph of BERT's shape and its tokenizer. Texts are run one by one, without padding, so that a
 * vector never depends on its neighbours. Rejects with `EncoderFailed` (`unusable`).
 */
export async function createSentenceEncoder(files: EncoderFiles, settings: EncoderSettings): Promise<SentenceEncoder> {
  const tokenizer = readTokenizer(files.tokenizer);
  const session = await openSession(files);
  const inputs = session.inputNames;
  const unknown = inputs.find((name) => !knownInputs.has(name));
  if (unknown !== undefined || !inputs.includes('input_ids')) {
    throw encoderErrors.unusable(`its graph asks for ${unknown === undefined ? 'no input_ids' : `“${unknown}”`}`);
  }
  const [output] = session.outputNames.filter((name) => name === 'last_hidden_state' || name === 'token_embeddings');
  if (output === undefined) throw encoderErrors.unusable('its graph yields no last_hidden_state');

  const encode = async (text: string): Promise<Float32Array | undefined> => {
    const encoding: Encoding = tokenizer.encode(text);
    if (encoding.ids.length === 0 || encoding.ids.length > settings.maxTokens) return undefined;
    const results = await session.run(feedsOf(encoding, inputs));
    const states = results[output];
    const [, length, width] = states?.dims ?? [];
    if (!(states?.data instanceof Float32Array) || length !== encoding.ids.length || width === undefined)
      throw encoderErrors.unusable('its output is not one vector of floats for each token');
    return pooled(states.data, width, settings.pooling);
  };
  const probe = await encode('probe');
  if (probe === undefined) throw encoderErrors.unusable('its tokenizer does not read a short text');
  return { dimensions: probe.length, encode, close: () => session.release() };
}

/** @param states one row of `width` floats for each token */
export function pooled(states: Float32Array, width: number, pooling: Pooling): Float32Array {
  const vector = new Float32Array(width);
  // One text without padding: every token counts in the mean.
  const rows = pooling === 'cls' ? 1 : states.length / width;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++)
      vector[column] = (vector[column] ?? 0) + (states[row * width + column] ?? 0);
  }
  return normalised(vector);
}

function readTokenizer(text: string): Tokenizer {
  try {
    return new Tokenizer(jsonObject.parse(JSON.parse(text)), {});
  } catch (error) {
    throw encoderErrors.unusable(`its tokenizer.json is not understood (${reasonOf(error)})`, error);
  }
}

async function openSession({ runtime, model }: EncoderFiles): Promise<InferenceSession> {
  // More threads want a file of their own beside the program; a short text is faster without.
  env.wasm.numThreads = 1;
  env.wasm.wasmBinary = runtime;
  try {
    return await InferenceSession.create(model, { executionProviders: ['wasm'] });
  } catch (error) {
    throw encoderErrors.unusable(`its ONNX file does not load (${reasonOf(error)})`, error);
  }
}

function feedsOf({ ids }: Encoding, inputs: readonly string[]): Record<string, Tensor> {
  const shape = [1, ids.length];
  const tensor = (value: (index: number) => number): Tensor =>
    new Tensor(
      'int64',
      BigInt64Array.from(ids, (_, index) => BigInt(value(index))),
      shape,
    );
  const all: Record<string, () => Tensor> = {
    input_ids: () => tensor((index) => ids[index] ?? 0),
    attention_mask: () => tensor(() => 1),
    token_type_ids: () => tensor(() => 0),
  };
  return Object.fromEntries(inputs.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]()]])));
}
