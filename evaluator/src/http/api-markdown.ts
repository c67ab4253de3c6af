import { OPENAPI_PATH } from './openapi.js';
import { routes } from './routes/index.js';

const HEAD = `# HTTP API

Everything is under \`/api/v1\` (and one operation where tools look for Open Policy Agent, [decide.md](decide.md)) and described by the OpenAPI document at \`${OPENAPI_PATH}\` (also \`evaluator/openapi/openapi.json\`).
Send \`Authorization: Bearer <token>\`. Roles: viewer < editor < approver < admin; \`agent\` is for processes and bound to services.
Without a token file the evaluator serves this machine only, as one admin, and the audit says so. Times are seconds from epoch.

Three paths beside it take GET and HEAD and ask for no token, as Prometheus and probes have none: \`/metrics\` (OpenMetrics), \`/healthz\` (200 while the process lives)
and \`/readyz\` (200, or 503 with a \`reason\` while nothing can be made durable; counts of healthy and failing Alertmanagers beside it). Names of guard-rails, models and services are labels of the metrics: where these are not for everyone, keep these paths within the network of the platform.

Every answer, a refusal too, carries the header \`guardspan-api: v1\`: it tells the evaluator from whatever else may answer at an address.

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
A document's own \`tests:\` run on each publication and dry run; one that fails answers 422 with the code \`GUARDSPAN_TEST_FAILED\`.

## Lists

Documents, series and processes come in pages: \`?limit=\` (up to 1,000; 100 by default, documents all at once without it) and \`?after=\` with the
\`next\` of the page before, which is empty on the last. \`total\` counts the whole list. Pages are in the order of names; what is there all the time is in exactly
one of them, also when the list changes meanwhile. Verdicts go back in time with \`?before=\`, records of the audit on with \`?after=\` and a number.

## Approval

These changes answer 202 and wait under \`/api/v1/proposals\` until an approver who is not the author approves:

- raising a mode to enforce;
- changing, while the mode is and stays enforce, what is acted on and how: \`at\`, \`match\`, \`over\`, \`uses\`, \`when\`, \`until\`, \`scope\`, \`action\`,
  \`onError\`, \`onStale\`, \`onNoData\`;
- any guard-rail whose action is shutdown, unless its mode is off;
- every change and the removal of a document with \`approval: required\`, and an exception from a guard-rail that has it.

Lowering a mode, deleting, and changing words, labels or tests of other documents need no approver.
\`GET /api/v1/proposals/{collection}/{name}\` (\`collection\` as in the paths of the documents) gives a waiting change, its author and the reason why
it waits, with the text in force beside the new one. \`approve\` brings it into force, or takes the document out of force (\`change: delete\`);
\`reject\` drops it with a \`reason\`. Author, approver, and who rejected and why are in the audit; the author gets 403 with the code
\`GUARDSPAN_SECOND_PERSON\`. An approval brings into force what was proposed, with the
\`allowPartial\` that it was proposed with; \`If-Match: "<revision>"\` of the proposal makes sure that it is the one that was read (412 otherwise).
When the document was changed since it was proposed, the proposal is \`stale\` and its approval answers 409 with the code
\`GUARDSPAN_PROPOSAL_STALE\`: propose the change again. While a change of somebody else waits, yours answers 409 with the code
\`GUARDSPAN_PROPOSAL_WAITS\`. \`?why=\` of a change is kept with the version, shown to the approver and put on record. With approvals switched off, and in single-user mode, authors approve their own changes,
and the audit says \`selfApproved\`.

## Documents of a repository

A document whose \`metadata.managedBy\` is \`git\` is changed and deleted with \`?origin=git\` only, by a token of role editor or above; the name
of that token is the author in the history and the actor in the audit. An admin token stands for the pipeline that publishes what was
reviewed in the repository: its changes need no approver, and the approver on record is \`git\`. For every other token the rules above hold.

In an emergency \`PUT\` with \`?breakGlass=SECONDS&why=REASON\` (60 s to 7 days, \`origin=ui\`) changes such a document without its repository. What needs an
approver needs one here too. Until it ends the document shows \`breakGlass: {base, until}\`, \`guardspan_document_drift\` is 1 and the alert
\`GuardspanDocumentDrift\` fires. It ends when its time is over (the revision \`base\` is in force again; the audit says \`reverted\`), with the next change by
\`origin=git\`, or by a break-glass edit back to \`base\`; none of these back to \`base\` needs an approver. Making it again moves its end.

## Late facts

\`POST /api/v1/truths\` and \`/api/v1/groups\` take up to 1,000 items \`{trace_id, span_id, call_id, name, value, at}\` and answer

    {"accepted": 2, "duplicates": 1, "joined": 1, "unjoined": 2}

\`accepted\` were new, \`duplicates\` were known already (same call and name; the first value stays). \`joined\` counts the items, duplicates too, whose
\`trace_id\` and \`span_id\` are a call that was counted into a bucket that is still open; all others are \`unjoined\`: their bucket has
closed, no guard-rail counts their call, the call has not come yet, or they name a call by \`call_id\` only. Every item is kept, joined or not.
Facts are stored, not yet counted: no signal of a window changes by a truth or a group that comes after its call.

## Events and the kill switch

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
