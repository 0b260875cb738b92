import type { EncoderPaths, EncoderRecord } from './encoderFolder.ts';
import type { Pooling } from './encoderModels.ts';

/** What the encoder's thread is started with. */
export interface EncoderStart {
  /** Packed with Brotli where it ends in `.br`. */
  readonly runtimePath: string;
  readonly modelPath: string;
  readonly modelSha256: string;
  readonly tokenizerPath: string;
  readonly tokenizerSha256: string;
  readonly pooling: Pooling;
  readonly maxTokens: number;
}

export function encoderStart(runtimePath: string, paths: EncoderPaths, record: UnprobedRecord): EncoderStart {
  const { model, tokenizer, pooling, maxTokens } = record;
  return {
    runtimePath,
    modelPath: paths.model,
    modelSha256: model.sha256,
    tokenizerPath: paths.tokenizer,
    tokenizerSha256: tokenizer.sha256,
    pooling,
    maxTokens,
  };
}

/** What is known of an encoder before it has been loaded once. */
export type UnprobedRecord = Omit<EncoderRecord, 'dimensions'>;

export interface EncodeRequest {
  readonly id: number;
  readonly texts: readonly string[];
}

/** `null` for a text that is longer than the model reads. */
export type EncoderReply =
  | { readonly ready: true; readonly dimensions: number }
  | { readonly failed: string }
  | { readonly id: number; readonly vectors: readonly (Float32Array | null)[] }
  | { readonly id: number; readonly failure: string };

export function isEncoderStart(value: unknown): value is EncoderStart {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['runtimePath', 'modelPath', 'modelSha256', 'tokenizerPath', 'tokenizerSha256'];
  const members = new Map<string, unknown>(Object.entries(value));
  const pooling = members.get('pooling');
  return (
    texts.every((name) => typeof members.get(name) === 'string') &&
    (pooling === 'mean' || pooling === 'cls') &&
    Number.isInteger(members.get('maxTokens'))
  );
}

export function isEncodeRequest(value: unknown): value is EncodeRequest {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'number') return false;
  return 'texts' in value && Array.isArray(value.texts) && value.texts.every((text) => typeof text === 'string');
}

export function isEncoderReply(value: unknown): value is EncoderReply {
  if (typeof value !== 'object' || value === null) return false;
  if ('ready' in value) return value.ready === true && 'dimensions' in value && Number.isInteger(value.dimensions);
  if ('failed' in value) return typeof value.failed === 'string';
  if (!('id' in value) || typeof value.id !== 'number') return false;
  if ('failure' in value) return typeof value.failure === 'string';
  return (
    'vectors' in value &&
    Array.isArray(value.vectors) &&
    value.vectors.every((vector) => vector === null || vector instanceof Float32Array)
  );
}
