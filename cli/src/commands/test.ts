import { dirname, resolve } from 'node:path';
import { loadGuardrails, runGuardrailTests } from '@guardspan/policy';
import type { LoadedGuardrail, TestSuite } from '@guardspan/policy';
import { Option } from 'commander';
import pc from 'picocolors';
import { CliError } from '../cli-io.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findDocuments } from '../find-documents.js';
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
  const loaded: { file: string; guardrails: LoadedGuardrail[]; suites: TestSuite[] }[] = [];
  const problems: string[] = [];
  for (const { path, text } of await findDocuments(paths)) {
    const { guardrails, suites, errors } = loadGuardrails(text, { file: path });
    for (const { line, column, code, message } of errors) problems.push(`${path}:${line}:${column} ${code} ${message}`);
    loaded.push({ file: path, guardrails, suites });
  }
  if (problems.length > 0)
    throw new CliError(EXIT.FAILED, problems.join('\n'), 'no test was run; `guardspan check` says how to mend each');
  const cases: JunitCase[] = [];
  for (const { file, guardrails, suites } of loaded) {
    for (const guardrail of guardrails)
      record(cases, file, guardrail.guardrail.metadata.name, () => runGuardrailTests(guardrail));
    for (const suite of suites) {
      const under = await loadGuardrailFiles(suite.guardrails.map((path) => resolve(dirname(file), path)));
      record(cases, file, suite.name, () => runSuite(suite, under));
    }
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
