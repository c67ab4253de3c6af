import type { Route } from '../route.js';
import { agentRoutes } from './agents.js';
import { alertRoutes } from './alerts.js';
import { auditRoutes } from './audit.js';
import { decideRoutes } from './decide.js';
import { evidenceRoutes } from './evidence.js';
import { guardrailRoutes } from './guardrails.js';
import { operationRoutes } from './operations.js';
import { verdictRoutes } from './verdicts.js';

/** Every operation but the OpenAPI document itself, which is made from them. */
export const routes: readonly Route[] = [
  ...guardrailRoutes,
  ...verdictRoutes,
  ...evidenceRoutes,
  ...operationRoutes,
  ...alertRoutes,
  ...agentRoutes,
  ...decideRoutes,
  ...auditRoutes,
];
