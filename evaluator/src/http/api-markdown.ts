import { OPENAPI_PATH } from './openapi.js';
import { routes } from './routes/index.js';

const HEAD = `# HTTP API

Everything is under \`/api/v1\` and described by the OpenAPI document at \`${OPENAPI_PATH}\` (also \`evaluator/openapi/openapi.json\`).
Send \`Authorization: Bearer <token>\`. Roles: viewer < editor < approver < admin; \`agent\` is for processes and bound to services.
Without a token file the evaluator serves this machine only, as one admin, and the audit says so. Times are seconds from epoch.

A refusal is a problem document (RFC 9457): \`{type, title, status, detail, code, hint, errors}\`; \`code\` is stable, each of \`errors\` has
\`code, message, line, column, path, hint\`.

## Operations

| operation | role | what it does | answers |
| --- | --- | --- | --- |
`;
const TAIL = `
## Examples

Create a guard-rail, then change it (\`ETag\` of the last answer):

    curl -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/yaml' -H 'If-None-Match: *' \\
      --data-binary @slow.yaml http://127.0.0.1:7420/api/v1/guardrails/slow
    curl -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/yaml' -H 'If-Match: "<revision>"' \\
      --data-binary @slow.yaml http://127.0.0.1:7420/api/v1/guardrails/slow

\`?dryRun=true\` checks and tells what would happen, \`?allowPartial=true\` publishes although a connected process cannot load it.
Documents whose \`metadata.managedBy\` is \`git\` are changed with \`?origin=git\` and an admin token. Raising a mode to enforce and any
shutdown answer 202 and wait under \`/api/v1/proposals\` until an approver who is not the author approves.

Follow what happens; reconnect with \`Last-Event-ID\`, and read anew after a \`gap\` event:

    curl -N -H "Authorization: Bearer $TOKEN" http://127.0.0.1:7420/api/v1/events

Stop enforcement everywhere for ten minutes:

    curl -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
      -d '{"reason": "false alarms", "expiresIn": 600}' http://127.0.0.1:7420/api/v1/kill
`;

/** docs/api.md, made from the routes. */
export function apiMarkdown(): string {
  const rows = routes.map((route) => {
    const answers = Object.keys(route.responses).join(', ');
    return `| \`${route.method} ${route.path}\` | ${route.role ?? 'anybody'} | ${route.summary} | ${answers} |`;
  });
  return `${HEAD}${rows.join('\n')}\n${TAIL}`;
}
