import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { exportAudit } from '../../audit/export-jsonl.js';
import { AUDIT_KINDS, type AuditQuery } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type { ApiDeps, NumberedEvent } from '../deps.js';
import { defineRoute, type Route } from '../route.js';
import { auditRecordSchema, flagSchema, limitSchema, listOf } from '../schemas.js';

const filters = {
  kind: z.enum(AUDIT_KINDS).optional(),
  guardrail: z.string().optional(),
  traceId: z.string().optional(),
  verdictId: z.string().optional(),
  after: z.coerce.number().int().min(0).optional().describe('Records after this number.'),
};
/** Bytes that may wait for a client of the event stream before it is let go. */
const MAX_WAITING = 1_048_576;
const openStreams = new WeakMap<ApiDeps, number>();

/** The audit, and the stream of what happens. */
export const auditRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/audit',
    operationId: 'queryAudit',
    summary: 'Records of the hash-chained audit',
    tag: 'audit',
    role: 'viewer',
    query: z.object({ ...filters, descending: flagSchema, limit: limitSchema }),
    responses: { 200: { description: 'Records.', schema: listOf(auditRecordSchema) } },
    handle: async ({ deps, query }) => ({
      status: 200,
      body: { items: await deps.store.queryAudit(defined(query)) },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/audit/export',
    operationId: 'exportAudit',
    summary: 'The audit as JSONL, oldest first',
    tag: 'audit',
    role: 'approver',
    query: z.object(filters),
    responses: { 200: { description: 'One canonical JSON object a line.', contentType: 'application/jsonl' } },
    handle: ({ deps, query }) => ({
      status: 200,
      headers: { 'content-type': 'application/jsonl' },
      stream: async (response) => {
        for await (const part of exportAudit(deps.store, defined(query))) {
          if (response.destroyed) return;
          if (!response.write(part)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
        }
        response.end();
      },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/events',
    operationId: 'streamEvents',
    summary: 'Server-sent events: what happens, as it happens',
    tag: 'events',
    role: 'viewer',
    requestHeaders: [
      { name: 'last-event-id', description: 'Id of the last event seen: what is still held after it comes first.' },
    ],
    responses: {
      200: { description: 'A `gap` event first when some are not held any more.', contentType: 'text/event-stream' },
      503: { description: 'Too many streams are open.' },
    },
    handle: ({ deps, headers }) => {
      const open = openStreams.get(deps) ?? 0;
      if (open >= (deps.maxEventStreams ?? 64)) {
        throw new ApiError(
          503,
          'GUARDSPAN_STREAMS',
          'Too many event streams are open.',
          'Close one, or try again later.',
          {
            headers: { 'retry-after': '5' },
          },
        );
      }
      const last = headers['last-event-id'];
      return {
        status: 200,
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
        stream: (response) => follow(deps, response, typeof last === 'string' ? last : ''),
      };
    },
  }),
];

function follow(deps: ApiDeps, response: ServerResponse, lastEventId: string): void {
  openStreams.set(deps, (openStreams.get(deps) ?? 0) + 1);
  const replayed: NumberedEvent[] = [];
  let live = false;
  const send = (text: string): void => {
    response.write(text);
    // A client that does not read is let go: it comes back with Last-Event-ID.
    if (response.writableLength > MAX_WAITING) response.destroy();
  };
  const write = (event: NumberedEvent): void =>
    send(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify({ at: event.at, ...event.data })}\n\n`);
  const { gap, stop } = deps.events.subscribe(lastEventId, (event) => {
    if (live) write(event);
    else replayed.push(event);
  });
  send(': open\n\n');
  if (gap) send('event: gap\ndata: {}\n\n');
  live = true;
  replayed.forEach(write);
  const heartbeat = setInterval(() => send(': alive\n\n'), (deps.eventHeartbeat ?? 15) * 1000);
  heartbeat.unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    stop();
    openStreams.set(deps, (openStreams.get(deps) ?? 1) - 1);
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
function defined<T extends AuditQuery | { [K in keyof AuditQuery]?: AuditQuery[K] | undefined }>(query: T): Defined<T> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Defined<T>;
}
