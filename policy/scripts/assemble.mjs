// Assembles read-units.wat into the module that the detectors load. `--check` compares with what is there and changes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const source = new URL('../src/detect/vector/read-units.wat', import.meta.url);
const target = new URL('../src/detect/vector/read-units-module.ts', import.meta.url);

/** The text of read-units-module.ts. */
export async function assemble() {
  const { parseWat } = await wabt();
  const module = parseWat('read-units.wat', readFileSync(source, 'utf8'), { simd: true });
  module.validate();
  const code = Buffer.from(module.toBinary({}).buffer).toString('base64');
  const lines = code.match(/.{1,140}/g).map((line) => `  '${line}',`);
  return `// Assembled from read-units.wat by scripts/assemble.mjs.\n\n/** A WebAssembly module, in base64. */\nexport const READ_UNITS = [\n${lines.join('\n')}\n].join('');\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(target, await assemble());
