/**
 * A small writer of ONNX files (onnx/onnx.proto, IR version 8, operator set 13): one linear layer and a sigmoid. Written by hand so that the
 * demonstration needs no Python and no download.
 */

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}
function integer(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}
function bytes(field: number, value: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(value.length), ...value];
}
function text(field: number, value: string): number[] {
  return bytes(field, [...Buffer.from(value, 'utf8')]);
}

const FLOAT = 1;

function tensor(name: string, dims: readonly number[], values: readonly number[]): number[] {
  const raw = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => raw.writeFloatLE(value, index * 4));
  return [...dims.flatMap((dim) => integer(1, dim)), ...integer(2, FLOAT), ...text(8, name), ...bytes(9, [...raw])];
}
function valueInfo(name: string, dims: readonly number[]): number[] {
  const shape = dims.flatMap((dim) => bytes(1, integer(1, dim)));
  const tensorType = [...integer(1, FLOAT), ...bytes(2, shape)];
  return [...text(1, name), ...bytes(2, bytes(1, tensorType))];
}
function node(operator: string, inputs: readonly string[], output: string): number[] {
  return [...inputs.flatMap((input) => text(1, input)), ...text(2, output), ...text(3, output), ...text(4, operator)];
}

/** An ONNX file that computes `score = sigmoid(applicant · weights + bias)` for one row. */
export function logisticModel(name: string, weights: readonly number[], bias: number): Uint8Array {
  const graph = [
    ...bytes(1, node('MatMul', ['applicant', 'weights'], 'product')),
    ...bytes(1, node('Add', ['product', 'bias'], 'logit')),
    ...bytes(1, node('Sigmoid', ['logit'], 'score')),
    ...text(2, name),
    ...bytes(5, tensor('weights', [weights.length, 1], weights)),
    ...bytes(5, tensor('bias', [1], [bias])),
    ...bytes(11, valueInfo('applicant', [1, weights.length])),
    ...bytes(12, valueInfo('score', [1, 1])),
  ];
  const operatorSet = [...text(1, ''), ...integer(2, 13)];
  return Uint8Array.from([
    ...integer(1, 8),
    ...text(2, 'guardspan-demo'),
    ...bytes(7, graph),
    ...bytes(8, operatorSet),
  ]);
}
