/** Numbers in [0, 1) that are the same for the same seed (sfc32). */
export function createRandom(seed: number): () => number {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88 ^ Math.imul(seed, 7919);
  let c = 0xb7e15162 ^ Math.imul(seed, 104729);
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  // The first numbers of near seeds are near each other.
  for (let i = 0; i < 20; i++) next();
  return next;
}
