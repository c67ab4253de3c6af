import { MODES } from '../document/types.js';
import { FAILURE_TABLE } from './failure-table.js';
import { FAILURES } from './types.js';

/** The failure table as Markdown: docs/failure-table.md is this text. */
export function printFailureTable(): string {
  const rows: string[] = [];
  for (const failure of FAILURES) {
    for (const actionClass of ['content', 'quality'] as const) {
      for (const onError of ['allow', 'deny'] as const) {
        for (const onStale of ['keep', 'allow', 'deny'] as const) {
          const cells = MODES.map((mode) => {
            const cell = FAILURE_TABLE.find(
              (row) =>
                row.failure === failure &&
                row.actionClass === actionClass &&
                row.mode === mode &&
                row.onError === onError &&
                row.onStale === onStale,
            );
            return `\`${cell!.disposition}\``;
          });
          rows.push(`| \`${[failure, actionClass, onError, onStale].join('` | `')}\` | ${cells.join(' | ')} |`);
        }
      }
    }
  }
  return `# When a guard cannot decide

This table is the only place that decides. It is generated from the code that runs; a test walks every cell.

- **failure**: \`unparsable\` (this process cannot read the document), \`detector_error\`, \`deadline\`, \`saturated\`, \`stale\` (the lease of a directive ended), \`no_evaluator\` (no connection, so no directive can arrive).
- **class**: \`content\` is \`deny\`, \`redact\` and \`rewrite\` decided on the call itself; everything else is \`quality\`.
- **onError** defaults to \`deny\` for content and \`allow\` for quality; **onStale** defaults to \`allow\`.
- The last four columns are the modes. Outside \`enforce\` nothing would be done, and the record says that the guard did not run.

| failure | class | onError | onStale | ${MODES.join(' | ')} |
| --- | --- | --- | --- | ${MODES.map(() => '---').join(' | ')} |
${rows.join('\n')}
`;
}
