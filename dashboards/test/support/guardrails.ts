/** One that is edited although git owns it. */
export const EDITED = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: edited, labels: {owner: platform, severity: warning}}
spec:
  description: Streams are seen.
  match: {services: [assistant]}
  at: request
  when: streamed
  action: {annotate: {attributes: {seen: stream}}}
  mode: dryrun
`;

/** Guard-rails of the scenario: decided call by call, by a threshold, and by a test with a promise. */
export const GUARDRAILS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: no-pii, labels: {owner: privacy, severity: high}}
spec:
  description: Personal data stays.
  match: {services: [assistant]}
  at: request
  uses: {pii: {detector: pii, on: prompt.text}}
  when: pii.count > 0
  action: {redact: {detections: [pii]}}
  mode: enforce
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: no-strangers, labels: {owner: privacy, severity: high}}
spec:
  description: Unknown tenants are refused.
  match: {services: [assistant]}
  at: request
  when: tenant == 'stranger'
  action: {deny: {}}
  mode: enforce
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: failing, labels: {owner: platform, severity: critical}}
spec:
  description: A model that fails is replaced.
  match: {services: [assistant], models: [large]}
  over:
    window: 5s
    every: 0s
    groupBy: [service, environment, model, model_version]
    minSamples: 10
    signals: {failed: {ratio: "error.type != ''"}}
  when: failed > 0.5
  action: {reroute: {to: previous}}
  mode: enforce
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: few-errors, labels: {owner: platform, severity: critical}}
spec:
  description: At most one call in ten fails.
  match: {services: [assistant], models: [large]}
  over:
    every: 1s
    settle: 1s
    groupBy: [model]
    test:
      rate: {of: "error.type != ''", max: 0.1}
    promise: {alpha: 0.05}
  action: {annotate: {attributes: {seen: errors}}}
  mode: warn
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: no-more-errors, labels: {owner: platform, severity: warning}}
spec:
  description: No more calls fail than last week.
  match: {services: [assistant], models: [small]}
  over:
    every: 1s
    settle: 1s
    groupBy: [model]
    test:
      rate:
        of: "error.type != ''"
        baseline: {model: small, calls: 10000, events: 500}
        moving: {window: 60s, budget: 1.5}
    promise: {alpha: 0.05}
  action: {annotate: {attributes: {seen: errors}}}
  mode: warn
`;
