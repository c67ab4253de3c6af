import type { Route } from '../route.js';
import { agentRoutes } from './agents.js';
import { alertRoutes } from './alerts.js';
import { auditRoutes } from './audit.js';
import { baselineRoutes } from './baselines.js';
import { decideRoutes } from './decide.js';
import { directiveRoutes } from './directives.js';
import { documentRoutes } from './documents.js';
import { evidenceRoutes } from './evidence.js';
import { modelRoutes } from './models.js';
import { operationRoutes } from './operations.js';
import { precisionRoutes } from './precision.js';
import { proposalRoutes } from './proposals.js';
import { verdictRoutes } from './verdicts.js';
import { webhookRoutes } from './webhooks.js';

/** Every operation but the OpenAPI document itself, which is made from them. */
export const routes: readonly Route[] = [
  ...documentRoutes,
  ...baselineRoutes,
  ...proposalRoutes,
  ...verdictRoutes,
  ...directiveRoutes,
  ...precisionRoutes,
  ...evidenceRoutes,
  ...modelRoutes,
  ...operationRoutes,
  ...alertRoutes,
  ...webhookRoutes,
  ...agentRoutes,
  ...decideRoutes,
  ...auditRoutes,
];
