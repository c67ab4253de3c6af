import { LITERAL, TOOL } from '../clients/shared.js';

/** What the guard does in a cell; `bare` is the run without us that the others are compared with, `none` is our package without an evaluator. */
export const ACTS = [
  'none',
  'dryrun',
  'annotate',
  'sample',
  'deny',
  'deny-answer',
  'throttle',
  'redact',
  'redact-tools',
  'rewrite',
  'reroute',
  'shutdown',
] as const;
export type Act = (typeof ACTS)[number];

/** Name of the service under which an application of a cell runs; guard-rails match it. */
export function serviceOf(act: Act): string {
  return `conformance-${act}`;
}

/** One guard-rail of the cell `act`. */
export interface Rail {
  name: string;
  act: Act;
  body: string;
  mode?: 'dryrun' | 'enforce';
}

/** Share of the traces that `sample` marks, in percent: some of a cell's calls are marked, and some are not. */
export const SAMPLED = 50;

const USES = (on: string): string => `uses: { pii: { detector: pii, on: ${on} } }\n  when: 'pii.count > 0'`;
const ALWAYS = 'when: \'operation != ""\'';
const BODIES = {
  deny: `at: request\n  ${ALWAYS}\n  action: { deny: { status: 451, guidance: ask otherwise } }`,
  denyAnswer: `at: chunk\n  ${USES('output.text')}\n  action: { deny: { status: 451 } }`,
  throttle: `at: request\n  ${ALWAYS}\n  action: { throttle: { rate: 0.001, burst: 1 } }`,
  redactRequest: `at: request\n  ${USES('prompt.text')}\n  action: { redact: { detections: [pii] } }`,
  redactAnswer: `at: chunk\n  ${USES('output.text')}\n  action: { redact: { detections: [pii] } }`,
  redactTools: `at: chunk\n  ${USES('output.text')}\n  action: { redact: { detections: [pii], tools: [${TOOL}] } }`,
  rewriteRequest: `at: request\n  ${USES('prompt.text')}\n  action: { rewrite: { with: ${LITERAL}, roles: [system, user, assistant, tool] } }`,
  rewriteAnswer: `at: chunk\n  ${USES('output.text')}\n  action: { rewrite: { with: ${LITERAL} } }`,
  // Only good models: a failure stays the failure that it is.
  reroute: `at: request\n  when: 'model.name == "stub"'\n  action: { reroute: { to: other } }`,
  annotate: `at: request\n  ${ALWAYS}\n  action: { annotate: { attributes: { seen: yes } } }`,
  sample: `at: request\n  ${ALWAYS}\n  action: { sample: { percent: ${SAMPLED} } }`,
  shutdown: `over: { window: 1m, every: 0s, minSamples: 1, groupBy: [service], signals: { calls: { count: 'true' } } }
  when: 'calls > 0'
  action: { shutdown: { retryAfter: 30s } }
  probe: { share: 0, perSecond: 0 }`,
} as const;

/** Guard-rails of all cells. */
export const RAILS: readonly Rail[] = [
  { name: 'deny', act: 'deny', body: BODIES.deny },
  { name: 'deny-answer', act: 'deny-answer', body: BODIES.denyAnswer },
  { name: 'throttle', act: 'throttle', body: BODIES.throttle },
  { name: 'redact-request', act: 'redact', body: BODIES.redactRequest },
  { name: 'redact-answer', act: 'redact', body: BODIES.redactAnswer },
  { name: 'redact-tools', act: 'redact-tools', body: BODIES.redactTools },
  { name: 'rewrite-request', act: 'rewrite', body: BODIES.rewriteRequest },
  { name: 'rewrite-answer', act: 'rewrite', body: BODIES.rewriteAnswer },
  { name: 'reroute', act: 'reroute', body: BODIES.reroute },
  { name: 'annotate', act: 'annotate', body: BODIES.annotate },
  { name: 'sample', act: 'sample', body: BODIES.sample },
  { name: 'shutdown', act: 'shutdown', body: BODIES.shutdown },
  ...Object.entries(BODIES)
    .filter(([name]) => name !== 'shutdown')
    .map(([name, body]) => ({ name: `dryrun-${name.toLowerCase()}`, act: 'dryrun', body, mode: 'dryrun' }) as const),
];

/** The guard-rails of all cells, as one YAML stream. */
export function guardrails(): string {
  return RAILS.map(
    ({ name, act, body, mode = 'enforce' }) => `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name} }
spec:
  match: { services: [${serviceOf(act)}] }
  ${body}
  mode: ${mode}
`,
  ).join('---\n');
}
