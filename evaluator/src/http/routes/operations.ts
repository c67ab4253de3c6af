import { z } from 'zod';
import type { AuditEntry, FactRow } from '../../store/types.js';
import { StoreError } from '../../store/store-error.js';
import { ApiError } from '../api-error.js';
import type { FleetInstance, KillState } from '../deps.js';
import { afterSchema, pageOf, pagesOf, pageSizeSchema } from '../page.js';
import { defineRoute, type Context, type Route } from '../route.js';
import {
  coverageSchema,
  dispositionsSchema,
  fleetInstanceSchema,
  flagSchema,
  killSchema,
  listOf,
  reasonSchema,
  sessionSchema,
} from '../schemas.js';

const idPart = z.string().max(128).default('');
const factSchema = z
  .strictObject({
    trace_id: idPart,
    span_id: idPart,
    call_id: idPart,
    name: z.string().min(1).max(128),
    value: z.union([z.string().max(1024), z.number(), z.boolean()]),
    at: z.number().describe('Seconds from epoch.'),
  })
  .refine((fact) => fact.call_id !== '' || fact.trace_id !== '', { message: 'give call_id, or trace_id and span_id' });
const factsSchema = z.strictObject({ items: z.array(factSchema).min(1).max(1000) });
const factsResultSchema = z.object({
  accepted: z.number(),
  duplicates: z.number(),
  joined: z.number().describe('Items whose call (trace and span id) was counted into a bucket that is still open.'),
  unjoined: z.number().describe('The other items: kept all the same.'),
});
const scopePart = z.string().max(256).default('');

/** The fleet, coverage, dispositions, the session, the kill switch, late facts and the channel by pull. */
export const operationRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/fleet',
    operationId: 'listFleet',
    summary: 'Processes that are connected, and those that lately were',
    tag: 'fleet',
    role: 'viewer',
    query: z.object({
      service: z.string().optional(),
      gone: flagSchema.describe('`true`: also those that left in the last ten minutes.'),
      ...{ after: afterSchema, limit: pageSizeSchema.default(100) },
    }),
    responses: { 200: { description: 'Processes.', schema: pagesOf(fleetInstanceSchema) } },
    handle: ({ deps, query }) => {
      const all = deps.fleet
        .instances()
        .filter(({ service, connected }) => (connected || query.gone) && service === (query.service ?? service));
      const keyOf = (one: FleetInstance): string => [one.service, one.instance, one.incarnation].join('\n');
      return { status: 200, body: pageOf(all, keyOf, query) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/coverage',
    operationId: 'getCoverage',
    summary: 'Calls guarded of calls made',
    tag: 'fleet',
    role: 'viewer',
    responses: { 200: { description: 'With what lowers it, named.', schema: coverageSchema } },
    handle: ({ deps }) => ({ status: 200, body: deps.coverage.report() }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/dispositions',
    operationId: 'listDispositions',
    summary: 'What came of verdicts in the last hour',
    tag: 'fleet',
    role: 'viewer',
    query: z.object({ guardrail: z.string().optional() }),
    responses: {
      200: { description: 'Slices in which processes reported something, oldest first.', schema: dispositionsSchema },
    },
    handle: ({ deps, query }) => ({ status: 200, body: deps.dispositions.read(deps.clock(), query.guardrail) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/session',
    operationId: 'getSession',
    summary: 'Who the evaluator takes you for, and its version',
    tag: 'meta',
    role: 'viewer',
    responses: { 200: { description: 'You.', schema: sessionSchema } },
    handle: ({ deps, principal: { name, role, tokenRole = role, onBehalf } }) => ({
      status: 200,
      body: {
        name,
        role,
        tokenRole,
        onBehalf: onBehalf !== undefined,
        version: deps.version,
        singleUser: deps.auth.singleUser,
        separateApprover: deps.separateApprover,
      },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/kill',
    operationId: 'listKillSwitches',
    summary: 'Stops of enforcement that hold',
    tag: 'kill switch',
    role: 'viewer',
    responses: { 200: { description: 'Kill switches.', schema: listOf(killSchema) } },
    handle: ({ deps }) => ({ status: 200, body: { items: deps.kill.list() } }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/kill',
    operationId: 'engageKillSwitch',
    summary: 'Stop enforcement of a scope; an empty scope is everything',
    tag: 'kill switch',
    role: 'approver',
    body: z.strictObject({
      scope: z
        .strictObject({ guardrail: scopePart, model: scopePart, service: scopePart })
        .default({ guardrail: '', model: '', service: '' }),
      reason: reasonSchema,
      expiresIn: z
        .number()
        .min(0)
        .max(30 * 86_400)
        .describe('Seconds; 0 until lifted.'),
    }),
    responses: { 201: { description: 'Enforcement of the scope has stopped.', schema: killSchema } },
    handle: async ({ deps, body, principal }) => {
      const id = deps.newId();
      try {
        const state = await deps.kill.engage({ id, by: principal.name, ...body }, (engaged) =>
          killEntry(deps, principal.name, engaged, { change: 'engaged', ...engaged }),
        );
        return { status: 201, body: state };
      } catch (error) {
        if (!(error instanceof StoreError) || !deps.kill.list().some((one) => one.id === id)) throw error;
        throw new ApiError(
          503,
          'GUARDSPAN_KILL_UNRECORDED',
          `Kill switch ${id} is in force, but the disk did not take its record.`,
          'Do not send it again. Free space: it is recorded by itself then; a restart before that forgets it.',
        );
      }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/kill/{id}',
    operationId: 'liftKillSwitch',
    summary: 'Enable enforcement again',
    tag: 'kill switch',
    role: 'approver',
    query: z.object({ reason: reasonSchema }),
    responses: {
      200: { description: 'Lifted.', schema: killSchema },
      403: { description: 'Who engaged it cannot lift it.' },
      404: { description: 'There is none.' },
    },
    handle: async ({ deps, params, query, principal }) => {
      const id = params['id']!;
      const found = deps.kill.list().find((one) => one.id === id);
      const own = found?.by === principal.name;
      if (own && deps.separateApprover) {
        throw new ApiError(
          403,
          'GUARDSPAN_SECOND_PERSON',
          'Who engaged a kill switch cannot lift it.',
          'Ask another approver.',
        );
      }
      const state =
        found === undefined
          ? undefined
          : await deps.kill.lift(id, (lifted) =>
              killEntry(deps, principal.name, lifted, {
                change: 'lifted',
                id,
                reason: query.reason,
                selfApproved: own,
              }),
            );
      if (state === undefined) {
        throw new ApiError(
          404,
          'GUARDSPAN_NOT_FOUND',
          `There is no kill switch ${id}.`,
          'It may have expired; list them.',
        );
      }
      return { status: 200, body: state };
    },
  }),
  ...(['truth', 'group'] as const).map((kind) =>
    defineRoute({
      method: 'POST',
      path: `/api/v1/${kind}s`,
      operationId: kind === 'truth' ? 'postTruths' : 'postGroups',
      summary: kind === 'truth' ? 'Outcomes that arrive after the call' : 'Group labels that arrive after the call',
      tag: 'late facts',
      role: 'editor',
      body: factsSchema,
      responses: {
        200: { description: 'Idempotent: what was known is counted as duplicate.', schema: factsResultSchema },
      },
      handle: async ({ deps, body }) => {
        const rows = body.items.map((item): FactRow => ({
          kind,
          traceId: item.trace_id,
          spanId: item.span_id,
          callId: item.call_id,
          name: item.name,
          value: String(item.value),
          at: item.at,
        }));
        // Stored first: a fact that was counted and not kept could not be counted again after a crash.
        const stored = await deps.store.putFacts(rows);
        const joined = deps.engine.facts(rows, deps.clock()).filter(Boolean).length;
        return { status: 200, body: { ...stored, joined, unjoined: rows.length - joined } };
      },
    }),
  ),
];

function killEntry(deps: Context['deps'], actor: string, { scope }: KillState, body: unknown): AuditEntry {
  return { kind: 'kill', at: deps.clock(), actor, guardrail: scope.guardrail, traceId: '', verdictId: '', body };
}
