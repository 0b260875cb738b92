/** How the vectors of tokens become the vector of a sentence; part of how a model was trained. */
export type Pooling = 'mean' | 'cls';

export interface EncoderFile {
  readonly name: 'model_quantized.onnx' | 'tokenizer.json';
  readonly url: string;
  readonly bytes: number;
  /** Lowercase hex. */
  readonly sha256: string;
}

/** A sentence encoder that Tollgate can fetch. */
export interface EncoderModel {
  readonly id: string;
  readonly pooling: Pooling;
  /** Longer texts have no vector: what is cut off would not be compared. */
  readonly maxTokens: number;
  /** Cosine from which two questions may share an answer. */
  readonly threshold: number;
  readonly licence: string;
  readonly files: readonly EncoderFile[];
}

const hub = 'https://huggingface.co';

/**
 * Revisions, sizes and hashes are those that several public projects pin, each by itself; a file of other bytes is refused.
 * Thresholds are estimates until a calibration replaces them: the best-F1 cosines of the published pair task
 * (SprintDuplicateQuestions in MTEB: MiniLM .71, bge-small .83) lie far below what a cache may serve at, so these start high.
 */
export const encoderModels: readonly EncoderModel[] = [
  {
    id: 'all-MiniLM-L6-v2',
    pooling: 'mean',
    maxTokens: 256,
    threshold: 0.92,
    licence: 'Apache-2.0',
    files: filesAt(`${hub}/Xenova/all-MiniLM-L6-v2/resolve/751bff37182d3f1213fa05d7196b954e230abad9`, {
      model: [22_972_370, 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1'],
      tokenizer: [711_661, 'da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0'],
    }),
  },
  {
    id: 'bge-small-en-v1.5',
    pooling: 'cls',
    maxTokens: 512,
    threshold: 0.95,
    licence: 'MIT',
    files: filesAt(`${hub}/Xenova/bge-small-en-v1.5/resolve/ea104dacec62c0de699686887e3f920caeb4f3e3`, {
      model: [34_014_426, '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4'],
      tokenizer: [711_396, 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66'],
    }),
  },
];

export function encoderModel(id: string): EncoderModel | undefined {
  return encoderModels.find((model) => model.id === id);
}

type Pinned = readonly [bytes: number, sha256: string];

function filesAt(base: string, { model, tokenizer }: { model: Pinned; tokenizer: Pinned }): EncoderFile[] {
  return [
    { name: 'model_quantized.onnx', url: `${base}/onnx/model_quantized.onnx`, bytes: model[0], sha256: model[1] },
    { name: 'tokenizer.json', url: `${base}/tokenizer.json`, bytes: tokenizer[0], sha256: tokenizer[1] },
  ];
}
