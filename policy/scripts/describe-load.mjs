/** What a golden file of a document case holds: the normal forms of guard-rails, those of other kinds where there are some, and the errors with their places. */
export function describeLoad({ documents, errors }) {
  const { Guardrail: guardrails, GuardrailTest: _suites, ...others } = documents;
  const found = Object.entries(others).filter(([, list]) => list.length > 0);
  return {
    guardrails: guardrails.map(({ revision, normal }) => ({ revision, guardrail: normal })),
    ...(found.length === 0
      ? {}
      : {
          others: found.flatMap(([, list]) => list.map(({ kind, revision, normal }) => ({ kind, revision, normal }))),
        }),
    errors: errors.map(({ code, file, line, column, path, message, hint }) => ({
      code,
      file,
      line,
      column,
      path,
      message,
      hint,
    })),
  };
}
