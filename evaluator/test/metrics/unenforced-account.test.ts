import { createModelCall } from '@guardspan/policy';
import type { DecisionRecord, ModelCall, RecordedCall, RevisedGuardrail, Verdict } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { ActiveDirective } from '../../src/channel/directives/active-directive.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { UNENFORCED_REASONS, UnenforcedAccount } from '../../src/metrics/unenforced-account.js';
import type { UnenforcedOptions } from '../../src/metrics/unenforced-account.js';
import { guardrailOf, windowed } from '../channel/support/guardrail.js';

const TRACE = 'a'.repeat(32);
const ISSUED = 1000;
const CONFIRMED = 1001;
const SHUTDOWN = { action: { shutdown: { status: 503 } } };

function directive(of: RevisedGuardrail, scope: { [field: string]: string } = { model: 'risk' }): ActiveDirective {
  const { guardrail, revision } = of;
  const wire = { id: 'd1', guardrail: guardrail.metadata.name, revision, scope, mode: 'enforce' as const };
  return { wire: { ...wire, action: guardrail.spec.action }, issuedAt: ISSUED } as unknown as ActiveDirective;
}

function received(change: (call: ModelCall) => void = () => undefined, more: Partial<RecordedCall> = {}): RecordedCall {
  const call = createModelCall();
  Object.assign(call, { service: 'shop', startedAt: CONFIRMED + 5 });
  call.model.name = 'risk';
  call.decision.action = 'allow';
  change(call);
  const id = { traceId: TRACE, spanId: '', callId: '' };
  return { call, id, source: 'feed', sampled: false, instance: 'i', incarnation: 'n', ...more };
}

function accountOf(guardrails: readonly RevisedGuardrail[], options: Partial<UnenforcedOptions> = {}) {
  const metrics = new Metrics();
  const account = new UnenforcedAccount({
    metrics,
    guardrail: (name) => guardrails.find(({ guardrail }) => guardrail.metadata.name === name),
    held: () => [],
    confirmedAt: () => CONFIRMED,
    asks: () => false,
    killed: () => false,
    ...options,
  });
  account.published(guardrails);
  /** What was counted, as `guardrail/reason` to calls; what is 0 is left out. */
  const counted = async (): Promise<Record<string, number>> => {
    const lines = [
      ...(await metrics.scrape()).text.matchAll(
        /^guardspan_denials_unenforced_total\{guardrail="([^"]+)",reason="([^"]+)"\} (\d+)(.*)$/gm,
      ),
    ];
    expect(lines.map(([, , reason]) => reason)).toEqual(guardrails.flatMap(() => [...UNENFORCED_REASONS]));
    for (const [, , , value, exemplar] of lines) if (value !== '0') expect(exemplar).toContain(TRACE);
    return Object.fromEntries(
      lines.filter(([, , , value]) => value !== '0').map(([, name, reason, value]) => [`${name}/${reason}`, +value!]),
    );
  };
  return { account, counted, metrics };
}

describe('of what processes say', () => {
  const deny = guardrailOf('no-pii', { at: 'request', when: "tenant == 'x'", action: { deny: {} }, mode: 'enforce' });
  const verdict = (more: Partial<Verdict> = {}): Verdict =>
    ({
      ...{ id: 'v', guardrail: 'no-pii', revision: 'r', mode: 'enforce', point: 'request', outcome: 'violation' },
      ...{
        code: 'forbidden_here',
        message: '',
        action: 'deny',
        disposition: 'allow_failopen',
        trace: [],
        directive: '',
      },
      ...more,
    }) as Verdict;
  const record = (verdicts: Verdict[], action = 'allow'): DecisionRecord =>
    ({ traceId: TRACE, action, verdicts }) as unknown as DecisionRecord;

  it.each(['forbidden_here', 'unsupported_here', 'killed'])('counts a denial that was %s', async (code) => {
    const { account, counted } = accountOf([deny]);
    account.decided([record([verdict({ code })])]);
    expect(await counted()).toEqual({ [`no-pii/${code}`]: 1 });
  });

  it('counts a shutdown whose lease ended where the document lets calls pass then', async () => {
    const { account, counted } = accountOf([deny]);
    account.decided([record([verdict({ action: 'shutdown', code: 'stale', disposition: 'allow_stale' })])]);
    expect(await counted()).toEqual({ 'no-pii/stale': 1 });
  });

  it.each<[string, Verdict, string]>([
    ['one that was enforced', verdict({ code: 'condition', disposition: 'enforced' }), 'deny'],
    ['one of a call that another guard-rail refused', verdict(), 'deny'],
    ['one in warn', verdict({ mode: 'warn', disposition: 'would_act', code: 'condition' }), 'allow'],
    ['a guard-rail that could not decide', verdict({ outcome: 'not_evaluated', code: 'deadline' }), 'allow'],
    ['a redaction', verdict({ action: 'redact' }), 'allow'],
    ['a guard-rail that is not known', verdict({ guardrail: 'made-up' }), 'allow'],
  ])('does not count %s', async (_what, said, action) => {
    const { account, counted } = accountOf([deny]);
    account.decided([record([said], action)]);
    expect(await counted()).toEqual({});
  });
});

describe('of the calls that are received while a shutdown is in force', () => {
  const shutdown = windowed('slow', SHUTDOWN);
  const watching = (of = shutdown, options: Partial<UnenforcedOptions> = {}) =>
    accountOf([of], { held: () => [directive(of)], ...options });

  it('counts one that began after its process had confirmed, and shows nothing of it', async () => {
    const { account, counted } = watching();
    account.count([received(), received()]);
    expect(await counted()).toEqual({ 'slow/ignored': 2 });
  });

  it('counts one of a service without our package', async () => {
    const { account, counted } = watching(shutdown, { confirmedAt: () => undefined });
    account.count([received(() => undefined, { sampled: true, source: 'foreign' as never, incarnation: '' })]);
    expect(await counted()).toEqual({ 'slow/unguarded': 1 });
  });

  it.each<[string, RecordedCall, Partial<UnenforcedOptions>]>([
    ['one that was refused', received((call) => (call.decision.action = 'shutdown')), {}],
    ['a probe', received((call) => (call.decision.probe = true)), {}],
    ['one about which the process said something', received((call) => (call.decision.guardrails = ['slow'])), {}],
    ['one that began before', received((call) => (call.startedAt = CONFIRMED + 1)), {}],
    ['one of a process that has not confirmed', received(), { confirmedAt: () => undefined }],
    ['one of another model', received((call) => (call.model.name = 'other')), {}],
    ['one of a service that the guard-rail does not match', received((call) => (call.service = 'bank')), {}],
    ['one that a person let pass', received(), { killed: () => true }],
    ['one of a service that asks first', received(() => undefined, { sampled: true }), { asks: () => true }],
  ])('does not count %s', async (_what, call, options) => {
    const { account, counted } = watching(shutdown, options);
    account.count([call]);
    expect(await counted()).toEqual({});
  });

  it('does not count what `where` or a rollout leaves out', async () => {
    const acme = windowed('slow', { ...SHUTDOWN, where: "tenant == 'acme'" });
    const one = watching(acme);
    one.account.count([received((call) => (call.tenant = 'acme')), received((call) => (call.tenant = 'other'))]);
    expect(await one.counted()).toEqual({ 'slow/ignored': 1 });
    const none = windowed('slow', { ...SHUTDOWN, rollout: { percent: 0.001, by: 'tenant' } });
    const two = watching(none);
    two.account.count([received((call) => (call.tenant = 'acme'))]);
    expect(await two.counted()).toEqual({});
  });

  it('does not count against a directive that only warns or reroutes, or of an older revision', async () => {
    const warns = directive(shutdown);
    const reroutes = windowed('away');
    const held = [
      { ...warns, wire: { ...warns.wire, mode: 'warn' } },
      { ...warns, wire: { ...warns.wire, revision: 'older' } },
      directive(reroutes),
    ] as ActiveDirective[];
    const { account, counted } = accountOf([shutdown], { held: () => held });
    account.count([received()]);
    expect(await counted()).toEqual({});
  });
});
