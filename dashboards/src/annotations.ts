import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@guardspan/policy';
import type { Scope } from './query/scope.js';
import { DATASOURCE } from './variables.js';

/** Marks when a guard-rail came into force in another revision or mode. */
export function revisions(scope: Scope): AnnotationQueryBuilder {
  const series = `max by (guardrail, mode, action, revision) (${scope.of(METRIC.GUARDRAIL_INFO)}`;
  return new AnnotationQueryBuilder()
    .name('Revisions')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('blue')
    .expr(`${series}) unless ${series} offset 1m)`)
    .step('1m')
    .titleFormat('{{guardrail}} in force: {{mode}}, {{action}}')
    .textFormat('revision {{revision}}')
    .tagKeys('guardrail,mode');
}

/** Marks the time in which a windowed guard-rail is violated. */
export function verdicts(scope: Scope): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Verdicts')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('red')
    .expr(`max by (guardrail) (${scope.of(METRIC.GUARDRAIL_FIRING)}) > 0`)
    .step('15s')
    .titleFormat('{{guardrail}} is violated')
    .textFormat('series of the guard-rail are firing or probing')
    .tagKeys('guardrail');
}
