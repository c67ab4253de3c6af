import { loadDocuments, runGuardrailTests, type GuardrailTestResult, type LoadedDocument } from '@guardspan/policy';
import type { Problem } from '../api/failure';

/** What the language package says about a text: the same code as the evaluator's. */
export interface Checked {
  problems: readonly Problem[];
  /** Undefined while something is wrong. */
  loaded: LoadedDocument<'Guardrail'> | undefined;
}

/**
 * Checks the text of one guard-rail.
 *
 * @param name Name that it must have; empty for any.
 */
export function checkGuardrail(text: string, name: string): Checked {
  const { documents, errors } = loadDocuments(text, { file: name });
  const problems: Problem[] = errors.map(({ code, message, hint, line, column, path }) => ({
    ...{ code, message, hint, line, column, path },
  }));
  const [loaded] = documents.Guardrail;
  if (problems.length === 0) {
    const count = Object.values(documents).reduce((sum, list) => sum + list.length, 0);
    if (count !== 1) {
      problems.push(
        problem('GUARDSPAN_ONE_DOCUMENT', `there are ${count} documents here`, 'write exactly one guard-rail'),
      );
    } else if (loaded === undefined) {
      problems.push(problem('GUARDSPAN_DOC_KIND', 'this is no guard-rail', 'write kind: Guardrail'));
    } else if (name !== '' && loaded.name !== name) {
      problems.push(
        problem('GUARDSPAN_NAME', `it is called ${loaded.name} now`, `keep the name ${name}, or duplicate it instead`),
      );
    }
  }
  return { problems, loaded: problems.length === 0 ? loaded : undefined };
}

/** Runs the tests that a document carries, as if its mode were `enforce`. */
export function runTests({ normal, revision }: LoadedDocument<'Guardrail'>): GuardrailTestResult[] {
  return runGuardrailTests({ revision, guardrail: normal });
}

function problem(code: string, message: string, hint: string): Problem {
  return { code, message, hint, line: 1, column: 1, path: '' };
}
