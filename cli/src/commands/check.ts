import { readFileSync } from 'node:fs';
import { loadGuardrails, runGuardrailTests } from '@guardspan/policy';
import { Option } from 'commander';
import pc from 'picocolors';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findDocuments } from '../find-documents.js';
import type { DocumentFile } from '../find-documents.js';
import type { Problem } from '../output/problem.js';
import { sarif } from '../output/sarif.js';
import type { AddCommand } from './command.js';

interface CheckOptions {
  format: 'text' | 'json' | 'sarif';
}

/** Adds `guardspan check`. */
export const addCheck: AddCommand = (program, io, finish) => {
  program
    .command('check')
    .description('load documents of every kind and run their own tests; silent when all is well')
    .argument('<paths...>', 'files and directories')
    .addOption(
      new Option('--format <format>', 'how problems are printed').choices(['text', 'json', 'sarif']).default('text'),
    )
    .action(async (paths: string[], options: CheckOptions) => finish(await check(paths, options, io)));
};

async function check(paths: readonly string[], { format }: CheckOptions, io: CliIo): Promise<number> {
  const problems = problemsOf(await findDocuments(paths));
  if (format === 'json') io.out(`${JSON.stringify({ problems })}\n`);
  else if (format === 'sarif') io.out(`${JSON.stringify(sarif(problems, versionOf()), null, 2)}\n`);
  else for (const problem of problems) io.out(textOf(problem, io.color));
  return problems.length === 0 ? EXIT.OK : EXIT.FAILED;
}

function problemsOf(files: readonly DocumentFile[]): Problem[] {
  const problems: Problem[] = [];
  const owners = new Map<string, string>();
  const claim = (kind: string, name: string, file: string): void => {
    const other = owners.get(`${kind} ${name}`);
    if (other !== undefined && other !== file)
      problems.push(
        whole(
          file,
          'GUARDSPAN_DOC_DUPLICATE',
          `${kind} "${name}" also stands in ${other}`,
          'give each a name of its own',
        ),
      );
    owners.set(`${kind} ${name}`, file);
  };
  for (const { path, text } of files) {
    const { guardrails, suites, errors } = loadGuardrails(text, { file: path });
    for (const { file, line, column, path: where, code, message, hint } of errors)
      problems.push({ file, line, column, path: where, code, message, hint });
    for (const { name } of suites) claim('suite', name, path);
    for (const loaded of guardrails) {
      const { name } = loaded.guardrail.metadata;
      claim('guard-rail', name, path);
      for (const { name: test, passed, message } of runGuardrailTests(loaded))
        if (!passed)
          problems.push(
            whole(
              path,
              'GUARDSPAN_TEST_FAILED',
              `${name}: test "${test}": ${message}`,
              'mend the guard-rail or its test',
            ),
          );
    }
  }
  return problems;
}

function whole(file: string, code: string, message: string, hint: string): Problem {
  return { file, line: 1, column: 1, path: '', code, message, hint };
}

function textOf(problem: Problem, color: boolean): string {
  const colors = pc.createColors(color);
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const where = problem.path === '' ? '' : ` (${problem.path})`;
  return `${colors.bold(place)} ${colors.red(problem.code)} ${problem.message}${where}\n  ${problem.hint}\n`;
}

function versionOf(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
