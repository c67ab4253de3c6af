import { METRIC } from '@guardspan/policy';
import type { Decision, DecisionRecord, ModelCall } from '@guardspan/policy';
import type { Recorder } from '../channel/directives/recorder.js';
import type { Coverage, ReportGrowth } from '../coverage/coverage.js';
import type { DispositionHistory } from '../coverage/disposition-history.js';
import type { OverReactionWatch } from '../coverage/over-reaction.js';
import type { Publication } from '../channel/publication.js';
import type { Metrics } from '../metrics/metrics.js';
import type { UnenforcedAccount } from '../metrics/unenforced-account.js';
import type { DecideRequest } from './request-schema.js';

/** What {@link RequestAccount} stands on. */
export interface RequestAccountParts {
  coverage: Coverage;
  watch: OverReactionWatch;
  history: DispositionHistory;
  recorder: Recorder;
  metrics: Metrics;
  publication: Publication;
  unenforced: Pick<UnenforcedAccount, 'decided'>;
  /** Seconds from epoch. */
  now: () => number;
}

/** Puts decisions by request where decisions of processes are: coverage, dispositions, the limit of over-reaction, the audit. Texts are not given to it. */
export class RequestAccount {
  constructor(private readonly parts: RequestAccountParts) {}

  /** `actor` is the name of the token. */
  take(
    request: Pick<DecideRequest, 'at' | 'traceId' | 'spanId' | 'callId'>,
    call: ModelCall,
    decision: Decision,
    actor: string,
  ): void {
    const { coverage, watch, history, metrics, publication, unenforced, recorder, now } = this.parts;
    const { model, service, environment } = call;
    metrics.add(METRIC.DECIDE_REQUESTS, { at: request.at, disposition: decision.disposition }, 1);
    const growth: ReportGrowth = { guarded: [], dispositions: [] };
    // The answer belongs to a call that was counted when it was asked about.
    if (request.at === 'request') {
      const guarded = decision.evaluated > 0 || decision.verdicts.length > 0;
      coverage.requested(service, model.name, model.version, guarded);
      if (guarded) growth.guarded.push({ model: model.name, version: model.version, count: 1 });
    }
    for (const { guardrail, disposition, action } of decision.verdicts)
      growth.dispositions.push({ guardrail, disposition, action, count: 1 });
    for (const { guardrail, disposition } of growth.dispositions)
      if (disposition === 'exempted') coverage.exempted(service, guardrail, 1);
    watch.accept(growth, publication.selection({ service, environment }).guardrails, now());
    history.accept(growth, now());
    for (const { guardrail, disposition, action } of growth.dispositions)
      if (publication.get(guardrail) !== undefined)
        metrics.add(METRIC.DISPOSITIONS, { guardrail, disposition, action }, 1, request.traceId);
    if (decision.verdicts.length === 0) return;
    const record: DecisionRecord = {
      traceId: request.traceId,
      spanId: request.spanId,
      callId: request.callId,
      at: now(),
      model: model.name,
      modelVersion: model.version,
      action: decision.action,
      disposition: decision.disposition,
      verdicts: decision.verdicts,
      directive: decision.directive,
      rerouteTo: decision.reroute?.to ?? '',
      redactions: decision.redactions.length,
      ...(decision.rewrites === undefined ? {} : { rewrites: decision.rewrites.length }),
    };
    unenforced.decided([record]);
    recorder.audit({
      kind: 'decision',
      at: record.at,
      actor,
      guardrail: record.verdicts[0]!.guardrail,
      traceId: record.traceId,
      verdictId: record.verdicts[0]!.id,
      body: { ...record, service, byRequest: true },
    });
  }
}
