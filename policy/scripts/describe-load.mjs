/** What a golden file of a document case holds: the normal forms, and the errors with their places. */
export function describeLoad({ guardrails, errors }) {
  return {
    guardrails: guardrails.map(({ revision, guardrail }) => ({ revision, guardrail })),
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
