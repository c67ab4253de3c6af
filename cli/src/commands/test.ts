import { dirname, resolve } from 'node:path';
import { bindGuardrails, runGuardrailTests } from '@guardspan/policy';
import { Option } from 'commander';
import pc from 'picocolors';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findSomeDocuments } from '../find-documents.js';
import { loadSoundFiles } from '../load-document-files.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import { junit } from '../output/junit.js';
import type { JunitCase } from '../output/junit.js';
import { runSuite } from '../session/run-suite.js';
import type { AddCommand } from './command.js';

interface TestOptions {
  format: 'text' | 'json' | 'junit';
}

/** Adds `guardspan test`. */
export const addTest: AddCommand = (program, io, finish) => {
  program
    .command('test')
    .description("run the documents' own tests and suites (kind: GuardrailTest) on virtual time")
    .argument('<paths...>', 'files and directories')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'junit']).default('text'))
    .action(async (paths: string[], options: TestOptions) => finish(await test(paths, options, io)));
};

async function test(paths: readonly string[], { format }: TestOptions, io: CliIo): Promise<number> {
  const cases = await runAll(paths);
  const failed = cases.filter(({ failure }) => failure !== '');
  if (format === 'junit') io.out(junit(cases));
  else if (format === 'json')
    io.out(
      `${JSON.stringify({ tests: cases.length, failed: failed.length, cases: cases.map(({ seconds: _, ...rest }) => rest) })}\n`,
    );
  else {
    const { red, bold } = pc.createColors(io.color);
    for (const { file, suite, name, failure } of failed)
      io.out(`${red('failed')} ${bold(suite)}: ${name}\n  ${failure}\n  in ${file}\n`);
    io.out(`${cases.length} tests, ${failed.length} failed\n`);
  }
  if (cases.length === 0)
    io.err('there are no tests in these files\n  give a guard-rail `tests`, or write a suite (kind: GuardrailTest)\n');
  return failed.length === 0 ? EXIT.OK : EXIT.FAILED;
}

async function runAll(paths: readonly string[]): Promise<JunitCase[]> {
  const documents = loadSoundFiles(await findSomeDocuments(paths, 'no test was run'), 'no test was run');
  const cases: JunitCase[] = [];
  for (const { file, name, revision, normal } of documents.Guardrail) {
    const bindings = { exceptions: [], packs: documents.DetectorPack };
    const [revised] = bindGuardrails([{ revision, guardrail: normal }], bindings);
    record(cases, file, name, () => runGuardrailTests(revised!));
  }
  for (const { file, name, normal } of documents.GuardrailTest) {
    const under = await loadGuardrailFiles(normal.guardrails.map((path) => resolve(dirname(file), path)));
    record(cases, file, name, () => runSuite(normal, under));
  }
  return cases;
}

function record(
  cases: JunitCase[],
  file: string,
  suite: string,
  run: () => readonly { name: string; message: string }[],
): void {
  const began = performance.now();
  const results = run();
  const each = (performance.now() - began) / 1000 / Math.max(1, results.length);
  for (const { name, message } of results) cases.push({ suite, file, name, failure: message, seconds: each });
}
