function varint(value: number): number[] {
  return value > 127 ? [(value % 128) | 128, ...varint(Math.floor(value / 128))] : [value];
}
function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}
function message(field: number, value: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(value.length), ...value];
}
function text(field: number, value: string): number[] {
  return message(field, [...Buffer.from(value)]);
}
function tensorInfo(name: string, columns: number): number[] {
  const shape = [...message(1, number(1, 1)), ...message(1, number(1, columns))];
  return [...text(1, name), ...message(2, message(1, [...number(1, 1), ...message(2, shape)]))];
}

/** The bytes of an ONNX model that applies one operator of operator set 13 to a row `x` of floats, giving `score` of the same shape. */
export function onnxModel(operator: 'Sigmoid' | 'Neg', columns: number): Uint8Array {
  const node = [...text(1, 'x'), ...text(2, 'score'), ...text(4, operator)];
  const graph = [
    ...message(1, node),
    ...text(2, 'graph'),
    ...message(11, tensorInfo('x', columns)),
    ...message(12, tensorInfo('score', columns)),
  ];
  return Uint8Array.from([...number(1, 8), ...message(7, graph), ...message(8, [...text(1, ''), ...number(2, 13)])]);
}
