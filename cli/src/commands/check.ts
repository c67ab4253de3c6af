import type { LoadError } from '@guardspan/policy';
import { loadGuardrails, runGuardrailTests } from '@guardspan/policy';
import { Option } from 'commander';
import pc from 'picocolors';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findDocuments } from '../find-documents.js';
import type { AddCommand } from './command.js';

/** One line of the report. */
interface Problem {
  file: string;
  line: number;
  column: number;
  path: string;
  code: string;
  message: string;
  hint: string;
}

/** Adds `guardspan check`. */
export const addCheck: AddCommand = (program, io, finish) => {
  program
    .command('check')
    .description('load guard-rail documents and run their own tests; silent when all is well')
    .argument('<paths...>', 'files and directories')
    .addOption(new Option('--format <format>', 'how problems are printed').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options: { format: 'text' | 'json' }) => finish(await check(paths, options, io)));
};

/** `guardspan check`: loads documents, runs their own tests; silent and 0 when all is well. */
async function check(paths: readonly string[], options: { format: 'text' | 'json' }, io: CliIo): Promise<number> {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const { path, text } of await findDocuments(paths)) {
    const { guardrails, errors } = loadGuardrails(text, { file: path });
    for (const error of errors) problems.push(problemOf(error));
    for (const loaded of guardrails) {
      const { name } = loaded.guardrail.metadata;
      const other = seen.get(name);
      if (other !== undefined && other !== path) {
        problems.push(
          at(
            path,
            'GUARDSPAN_DOC_DUPLICATE',
            `guard-rail "${name}" also stands in ${other}`,
            'give each a name of its own',
          ),
        );
      }
      seen.set(name, path);
      for (const result of runGuardrailTests(loaded)) {
        if (!result.passed)
          problems.push(
            at(
              path,
              'GUARDSPAN_TEST_FAILED',
              `${name}: test "${result.name}": ${result.message}`,
              'mend the guard-rail or its test',
            ),
          );
      }
    }
  }
  if (options.format === 'json') io.out(JSON.stringify({ problems }) + '\n');
  else for (const problem of problems) io.out(textOf(problem, io.color));
  return problems.length === 0 ? EXIT.OK : EXIT.FAILED;
}

function problemOf({ file, line, column, path, code, message, hint }: LoadError): Problem {
  return { file, line, column, path, code, message, hint };
}

function at(file: string, code: string, message: string, hint: string): Problem {
  return { file, line: 1, column: 1, path: '', code, message, hint };
}

function textOf(problem: Problem, color: boolean): string {
  const colors = pc.createColors(color);
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const where = problem.path === '' ? '' : ` (${problem.path})`;
  return `${colors.bold(place)} ${colors.red(problem.code)} ${problem.message}${where}\n  ${problem.hint}\n`;
}
