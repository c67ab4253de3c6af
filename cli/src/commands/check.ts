import {
  bindGuardrails,
  DOCUMENT_KINDS,
  GuardrailSet,
  KIND_NAMES,
  oneLine,
  PACK_PREFIX,
  runGuardrailTests,
} from '@guardspan/policy';
import type { KindName, RevisedGuardrail } from '@guardspan/policy';
import { Option } from 'commander';
import pc from 'picocolors';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { emptyPaths, findDocuments } from '../find-documents.js';
import type { DocumentFile } from '../find-documents.js';
import type { FiledDocuments } from '../load-document-files.js';
import { loadDocumentFiles } from '../load-document-files.js';
import type { Problem } from '../output/problem.js';
import { sarif } from '../output/sarif.js';
import { commandVersion } from '../version.js';
import type { AddCommand } from './command.js';

/** Stands for what is in a file that cannot be read. */
const UNREAD = '?';

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
  const refused: Problem[] = [];
  const files = await findDocuments(paths, (path, { code, message, hint }) => {
    // It begins with the path, which is the place here.
    refused.push(whole(path, code, message.replace(`${path}: `, ''), hint));
  });
  const empty = emptyProblems(paths, [...files, ...refused.map(({ file: path }) => ({ path, text: UNREAD }))]);
  const problems = [...empty, ...refused, ...problemsOf(files, io.now())];
  if (format === 'json') io.out(`${JSON.stringify({ problems })}\n`);
  else if (format === 'sarif') io.out(`${JSON.stringify(sarif(problems, commandVersion()), null, 2)}\n`);
  else for (const problem of problems) io.out(textOf(problem, io.color));
  return problems.some(({ severity }) => severity === 'error') ? EXIT.FAILED : EXIT.OK;
}

function problemsOf(files: readonly DocumentFile[], now: number): Problem[] {
  const { documents, errors } = loadDocumentFiles(files);
  const problems = errors.map(({ file, line, column, path, code, message, hint }): Problem => ({
    ...{ file, line, column, path },
    ...{ code, message, hint, severity: 'error' },
  }));
  for (const kind of KIND_NAMES) problems.push(...duplicates(kind, documents[kind]));
  for (const { file, line, revision, normal } of documents.Guardrail) {
    const [revised] = bindGuardrails([{ revision, guardrail: normal }], {
      ...{ exceptions: [], packs: documents.DetectorPack },
    });
    const missing = missingPack(revised!, { file, line });
    if (missing === null) problems.push(...failedTests(revised!, { file, line }));
    else problems.push(missing);
  }
  problems.push(...exceptionWarnings(documents, now));
  // Problems stand by file, as the files were given, and by their place in it.
  const order = new Map(files.map(({ path }, index) => [path, index]));
  return problems.sort((a, b) => order.get(a.file)! - order.get(b.file)! || a.line - b.line || a.column - b.column);
}

/** A path that was named and holds nothing must not look as if it had passed. */
function emptyProblems(paths: readonly string[], files: readonly DocumentFile[]): Problem[] {
  return emptyPaths(paths, files).map(({ path, message, hint }) =>
    whole(path, 'GUARDSPAN_NO_DOCUMENTS', message, hint),
  );
}

/** Names that stand in more than one file; the loader finds those of one file. */
function duplicates(kind: KindName, documents: readonly { name: string; file: string; line: number }[]): Problem[] {
  const owners = new Map<string, string>();
  return documents.flatMap(({ name, file, line }) => {
    const other = owners.get(name);
    owners.set(name, file);
    if (other === undefined || other === file) return [];
    const message = `${DOCUMENT_KINDS[kind].noun} "${name}" also stands in ${other}`;
    return [{ ...whole(file, 'GUARDSPAN_DOC_DUPLICATE', message, 'give each a name of its own'), line }];
  });
}

function failedTests(revised: RevisedGuardrail, place: { file: string; line: number }): Problem[] {
  const { name } = revised.guardrail.metadata;
  return runGuardrailTests(revised)
    .filter(({ passed }) => !passed)
    .map(({ name: test, message }) => {
      const failure = `${name}: test "${test}": ${message}`;
      return { ...whole(place.file, 'GUARDSPAN_TEST_FAILED', failure, 'mend the guard-rail or its test'), ...place };
    });
}

/** A use of a pack that is not in these files, or of an entity that it does not have; null when every use finds what it names. */
function missingPack(revised: RevisedGuardrail, { file, line }: { file: string; line: number }): Problem | null {
  const usesPack = Object.values(revised.guardrail.spec.uses).some(({ detector }) => detector.startsWith(PACK_PREFIX));
  const [broken] = usesPack ? GuardrailSet.compile([revised]).errors : [];
  if (broken === undefined) return null;
  const hint = 'give the file of the pack too, or correct the name';
  const { code, message } = broken;
  return { file, line, column: 1, path: 'spec.uses', code, message, hint, severity: 'error' };
}

/** What is no error of an exception by itself: that it is over, or that nothing here has the name that it exempts from. */
function exceptionWarnings(documents: FiledDocuments, now: number): Problem[] {
  const guardrails = new Set(documents.Guardrail.map(({ name }) => name));
  return documents.GuardrailException.flatMap(({ file, line, name, normal }) => {
    const warn = (path: string, code: string, message: string, hint: string): Problem => ({
      ...{ file, line, column: 1, path },
      ...{ code, message, hint, severity: 'warning' },
    });
    const { expires, guardrails: named } = normal.spec;
    const warnings: Problem[] = [];
    if (expires <= now) {
      const message = `exception "${name}" has expired: it exempts nothing`;
      warnings.push(warn('spec.expires', 'GUARDSPAN_EXCEPTION_EXPIRED', message, 'delete it, or give it a later date'));
    }
    // Who checks exceptions alone has the guard-rails elsewhere.
    for (const target of guardrails.size === 0 ? [] : named.filter((one) => !guardrails.has(one))) {
      const message = `exception "${name}" names the guard-rail "${target}", which is not in these files`;
      warnings.push(warn('spec.guardrails', 'GUARDSPAN_EXCEPTION_TARGET', message, 'check the name'));
    }
    return warnings;
  });
}

function whole(file: string, code: string, message: string, hint: string): Problem {
  return { file, line: 1, column: 1, path: '', code, message, hint, severity: 'error' };
}

function textOf(problem: Problem, color: boolean): string {
  const colors = pc.createColors(color);
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const where = problem.path === '' ? '' : ` (${problem.path})`;
  const code = problem.severity === 'error' ? colors.red(problem.code) : `warning ${colors.yellow(problem.code)}`;
  return `${colors.bold(oneLine(place))} ${code} ${oneLine(problem.message + where)}\n  ${oneLine(problem.hint)}\n`;
}
