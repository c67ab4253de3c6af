import { createModelCall, matchesCall, strictestMode } from '@guardspan/policy';
import { z } from 'zod';
import type { ModelTotals } from '../../metrics/models-view.js';
import { afterSchema, pageOf, pagesOf, pageSizeSchema } from '../page.js';
import { defineRoute, type Route } from '../route.js';
import { listOf, modelGuardrailSchema, modelSchema } from '../schemas.js';

/** Where a question leaves a field open. */
const ANY = '*';
const label = z.string().max(256).default(ANY).describe('`*`: any.');

/** The models that calls were received of, and the guard-rails that look at them. */
export const modelRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/models',
    operationId: 'listModels',
    summary: 'Versions of models that calls were received of',
    tag: 'models',
    role: 'viewer',
    query: z.object({ after: afterSchema, limit: pageSizeSchema.default(1000) }),
    responses: { 200: { description: 'Counted since the evaluator started.', schema: pagesOf(modelSchema) } },
    handle: ({ deps, query }) => {
      const keyOf = (one: ModelTotals): string => [one.model, one.version, one.service, one.environment].join('\n');
      return { status: 200, body: pageOf(deps.models.list(), keyOf, query) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/models/guardrails',
    operationId: 'listModelGuardrails',
    summary: 'Guard-rails that look at calls of a model or service',
    tag: 'models',
    role: 'viewer',
    query: z.object({ service: label, environment: label, model: label, version: label }),
    responses: {
      200: {
        description:
          'Those that are not off and whose `match` takes calls of it; tenants, operations and feature views are left open.',
        schema: listOf(modelGuardrailSchema),
      },
    },
    handle: ({ deps, query }) => {
      const asked = createModelCall();
      Object.assign(asked, { service: query.service, environment: query.environment });
      Object.assign(asked.model, { name: query.model, version: query.version });
      const only = (field: keyof typeof query, wanted: string[]): string[] => (query[field] === ANY ? [] : wanted);
      const items = deps.documents
        .list('Guardrail')
        .map(({ normal }) => ({ name: normal.metadata.name, spec: normal.spec, mode: strictestMode(normal.spec) }))
        .filter(
          ({ spec: { match }, mode }) =>
            mode !== 'off' &&
            matchesCall(
              {
                services: only('service', match.services),
                environments: only('environment', match.environments),
                models: only('model', match.models),
                versions: only('version', match.versions),
                ...{ tenants: [], operations: [], featureViews: [] },
              },
              asked,
            ),
        )
        .map(({ name, spec, mode }) => ({ name, mode, action: spec.action.type, windowed: spec.over !== null }));
      return { status: 200, body: { items } };
    },
  }),
];
