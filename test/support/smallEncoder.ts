// A sentence encoder of a few kilobytes with the parts of the real ones (int8 word table, dynamically quantised layer, layer
// norm) and weights from a seeded generator: texts with the same words get the same vector, others get others.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OnnxGraph } from './onnxWriter.ts';

export interface SmallEncoder {
  readonly model: Buffer;
  readonly tokenizer: string;
  readonly dimensions: number;
}

const words =
  'how do i what is the a an of to in with for and or not file list python docker git branch delete remove reset password undo last commit sort reverse string array json parse read write run test start stop server enable disable install weather today like explain difference between function class'.split(
    ' ',
  );
const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const marks = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'];
const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** xorshift32: the same weights in every run. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000 - 0.5;
  };
}

function vocabulary(): Record<string, number> {
  const tokens = [
    ...special,
    ...marks,
    ...letters,
    ...letters.map((letter) => `##${letter}`),
    ...words.filter((word) => word.length > 1),
  ];
  return Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
}

function tokenizerJson(vocab: Record<string, number>): string {
  const one = (token: string): object => ({ SpecialToken: { id: token, type_id: 0 } });
  const known = (token: string): object => ({ id: token, ids: [vocab[token]], tokens: [token] });
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: vocab[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [one('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, one('[SEP]')],
      pair: [
        one('[CLS]'),
        { Sequence: { id: 'A', type_id: 0 } },
        one('[SEP]'),
        { Sequence: { id: 'B', type_id: 1 } },
        one('[SEP]'),
      ],
      special_tokens: { '[CLS]': known('[CLS]'), '[SEP]': known('[SEP]') },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  });
}

/** @param width of a vector; @param layers of the size of a real encoder's only where a test is about time */
export function smallEncoder(width = 32): SmallEncoder {
  const vocab = vocabulary();
  const size = Object.keys(vocab).length;
  const random = randoms(20_241_124);
  const graph = new OnnxGraph();
  const table = Int8Array.from({ length: size * width }, () => Math.round(random() * 254));
  const rows = graph.node(
    'Gather',
    [graph.constant({ type: 'int8', dims: [size, width], values: table }), 'input_ids'],
    { axis: 0 },
  );
  const embedded = graph.node('Mul', [graph.node('Cast', [rows], { to: 1 }), graph.scalar(1 / 127)]);
  const types = graph.constant({ type: 'float32', dims: [2, width], values: new Float32Array(2 * width) });
  const input = graph.node('Add', [embedded, graph.node('Gather', [types, 'token_type_ids'], { axis: 0 })]);
  const weights = Int8Array.from({ length: width * width }, () => Math.round(random() * 30));
  const [quantised = '', scale = '', zero = ''] = graph.nodes('DynamicQuantizeLinear', [input], 3);
  const product = graph.node('MatMulInteger', [
    quantised,
    graph.constant({ type: 'int8', dims: [width, width], values: weights }),
    zero,
    graph.scalar(0, 'int8'),
  ]);
  const layer = graph.node('Mul', [
    graph.node('Cast', [product], { to: 1 }),
    graph.node('Mul', [scale, graph.scalar(1 / 127)]),
  ]);
  // As in the real ones, what attends to nothing adds nothing.
  const mask = graph.node(
    'Cast',
    [
      graph.node('Unsqueeze', [
        'attention_mask',
        graph.constant({ type: 'int64', dims: [1], values: new BigInt64Array([2n]) }),
      ]),
    ],
    { to: 1 },
  );
  const sum = graph.node('Add', [input, graph.node('Mul', [layer, mask])]);
  const ones = graph.constant({ type: 'float32', dims: [width], values: new Float32Array(width).fill(1) });
  const zeros = graph.constant({ type: 'float32', dims: [width], values: new Float32Array(width) });
  const states = graph.node('LayerNormalization', [sum, ones, zeros], { axis: -1, epsilon: { float: 1e-12 } });
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({
    name,
    type: 'int64' as const,
    dims: ['batch', 'length'],
  }));
  return {
    model: graph.model(inputs, [
      { name: 'last_hidden_state', type: 'float32', dims: ['batch', 'length', width], from: states },
    ]),
    tokenizer: tokenizerJson(vocab),
    dimensions: width,
  };
}

/** Writes the encoder's files as they are in a folder that a user imports. */
export function writeSmallEncoder(folder: string): SmallEncoder {
  const encoder = smallEncoder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model_quantized.onnx'), encoder.model);
  writeFileSync(join(folder, 'tokenizer.json'), encoder.tokenizer);
  return encoder;
}
