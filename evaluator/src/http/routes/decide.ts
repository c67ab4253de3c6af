import { z } from 'zod';
import { mayUseModel, mayUseService } from '../../auth/roles.js';
import type { DecideAnswer } from '../../decide/decision-service.js';
import { decideAnswerSchema, decideRequestSchema } from '../../decide/request-schema.js';
import type { DecideRequest } from '../../decide/request-schema.js';
import { ApiError } from '../api-error.js';
import { defineRoute } from '../route.js';
import type { Context, Route } from '../route.js';

const refused = { 403: { description: 'The token is not valid for this service or model.' } };

/** Decisions by request, for gateways and for services that this package does not run in. */
export const decideRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/decide',
    operationId: 'decide',
    summary: 'Decide about a model call',
    tag: 'decide',
    role: 'agent',
    body: decideRequestSchema,
    responses: { 200: { description: 'The decision.', schema: decideAnswerSchema }, ...refused },
    handle: (context) => ({ status: 200, body: decided(context, context.body) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/v1/data/guardspan/decide',
    operationId: 'decideAsOpa',
    summary: 'The same, as the Data API of Open Policy Agent',
    tag: 'decide',
    role: 'agent',
    body: z.looseObject({ input: decideRequestSchema }),
    responses: {
      200: { description: 'The decision.', schema: z.object({ result: decideAnswerSchema }) },
      ...refused,
    },
    handle: (context) => ({ status: 200, body: { result: decided(context, context.body.input) } }),
  }),
];

function decided({ deps, principal }: Pick<Context, 'deps' | 'principal'>, request: DecideRequest): DecideAnswer {
  const service = request.call.service ?? '';
  const model = request.call.model?.name ?? '';
  if (!mayUseService(principal, service) || !mayUseModel(principal, model)) {
    throw new ApiError(
      403,
      'GUARDSPAN_SERVICE',
      `This token is not valid for ${service === '' ? 'a call without a service' : service}.`,
      'Say call.service and call.model.name, and use the token of that service.',
    );
  }
  return deps.decide(request, principal.name);
}
