// Writes ONNX models: the protobuf messages of onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto) by hand, as far
// as a small encoder needs them. The numbers are the field numbers of that file.

export type Attribute = number | readonly number[] | { readonly float: number };

export interface Tensor {
  readonly type: 'float32' | 'int8' | 'int64';
  readonly dims: readonly number[];
  readonly values: Float32Array | Int8Array | BigInt64Array;
}

const elementTypes = { float32: 1, int8: 3, int64: 7 } as const;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function bytes(field: number, value: Buffer | string): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function float(field: number, value: number): Buffer {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), content]);
}

function attribute(name: string, value: Attribute): Buffer {
  if (typeof value === 'number') return Buffer.concat([bytes(1, name), integer(3, value), integer(20, 2)]);
  if ('float' in value) return Buffer.concat([bytes(1, name), float(2, value.float), integer(20, 1)]);
  return Buffer.concat([bytes(1, name), ...value.map((one) => integer(8, one)), integer(20, 7)]);
}

function tensorBytes(name: string, { type, dims, values }: Tensor): Buffer {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([
    ...dims.map((dim) => integer(1, dim)),
    integer(2, elementTypes[type]),
    bytes(8, name),
    bytes(9, raw),
  ]);
}

function valueInfo(name: string, type: Tensor['type'], dims: readonly (string | number)[]): Buffer {
  const shape = dims.map((dim) => bytes(1, typeof dim === 'string' ? bytes(2, dim) : integer(1, dim)));
  const tensorType = Buffer.concat([integer(1, elementTypes[type]), bytes(2, Buffer.concat(shape))]);
  return Buffer.concat([bytes(1, name), bytes(2, bytes(1, tensorType))]);
}

export interface Value {
  readonly name: string;
  readonly type: Tensor['type'];
  readonly dims: readonly (string | number)[];
}

/** A graph that grows node by node; each method returns the names of its results. */
export class OnnxGraph {
  readonly #nodes: Buffer[] = [];
  readonly #tensors: Buffer[] = [];
  #count = 0;

  constant(tensor: Tensor): string {
    const name = `w${this.#count++}`;
    this.#tensors.push(tensorBytes(name, tensor));
    return name;
  }

  scalar(value: number, type: Tensor['type'] = 'float32'): string {
    const values = {
      float32: () => new Float32Array([value]),
      int8: () => new Int8Array([value]),
      int64: () => new BigInt64Array([BigInt(value)]),
    };
    return this.constant({ type, dims: [], values: values[type]() });
  }

  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const [output = ''] = this.nodes(operator, inputs, 1, attributes);
    return output;
  }

  nodes(
    operator: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const id = this.#count++;
    const names = Array.from({ length: outputs }, (_, n) => `${operator}_${id}_${n}`);
    this.#nodes.push(this.#nodeBytes(operator, inputs, names, attributes));
    return names;
  }

  /** The model as a file. `results` maps the name of each output to what it is. */
  model(inputs: readonly Value[], results: readonly (Value & { readonly from: string })[]): Buffer {
    for (const { name, from } of results) this.#nodes.push(this.#nodeBytes('Identity', [from], [name], {}));
    const graph = Buffer.concat([
      ...this.#nodes.map((node) => bytes(1, node)),
      bytes(2, 'encoder'),
      ...this.#tensors.map((tensor) => bytes(5, tensor)),
      ...inputs.map(({ name, type, dims }) => bytes(11, valueInfo(name, type, dims))),
      ...results.map(({ name, type, dims }) => bytes(12, valueInfo(name, type, dims))),
    ]);
    const operators = Buffer.concat([bytes(1, ''), integer(2, 17)]);
    return Buffer.concat([integer(1, 8), bytes(2, 'tollgate tests'), bytes(7, graph), bytes(8, operators)]);
  }

  #nodeBytes(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
  ): Buffer {
    return Buffer.concat([
      ...inputs.map((input) => bytes(1, input)),
      ...outputs.map((output) => bytes(2, output)),
      bytes(4, operator),
      ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
    ]);
  }
}
