import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { denials, opaBinary, PACKAGE, regoInput, regoPolicy, runOpa } from './rego-policy.js';

interface Policy {
  evaluate(input: object): { result?: unknown }[];
}

/** The same policy, compiled by `opa` to WebAssembly and evaluated in this process. A sentence when there is no `opa`. */
export function opaWasm(withText = true) {
  if (opaBinary() === undefined) return 'opa is not there: Go builds it, or set GUARDSPAN_OPA_BIN';
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-bench-wasm-'));
  try {
    const source = join(folder, 'bench.rego');
    const bundle = join(folder, 'bundle.tar.gz');
    writeFileSync(source, regoPolicy(withText));
    runOpa('build', '-t', 'wasm', '-e', PACKAGE, '-o', bundle, source);
    const wasm = execFileSync('tar', ['-xzOf', bundle, '/policy.wasm'], { maxBuffer: 1 << 26, stdio: 'pipe' });
    const { loadPolicySync } = createRequire(import.meta.url)('@open-policy-agent/opa-wasm') as {
      loadPolicySync: (wasm: Uint8Array) => Policy;
    };
    const policy = loadPolicySync(new Uint8Array(wasm));
    return {
      name: 'opa_wasm',
      decide: (prompt: string): unknown => denials(policy.evaluate(regoInput(prompt))[0]?.result),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
