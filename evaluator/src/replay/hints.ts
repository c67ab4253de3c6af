import { compileEvidence, compileMatch, createObservation, fieldReader } from '@guardspan/policy';
import type { Evidence, RevisedGuardrail } from '@guardspan/policy';
import { MIN_CELL } from '../engine/evidence/for-people.js';
import type { ShownReport } from '../engine/evidence/for-people.js';
import { withFact } from '../engine/evidence/fact-join.js';
import type { ReplayCall } from './replay.js';

/** Outcomes that are the same in so many calls look like a condition that can never, or only, hold; of groups, which are seldom compared for something rare, in fewer. */
const ALL_ALIKE = { rate: 500, rateGap: 50 } as const;
/** A condition that holds for all is a rare event's opposite, or a mistake, from so many calls on. */
const ALWAYS = 50;
/** A field with more values is no category. */
const MAX_VALUES = 12;
/** Models that are named when none is what a guard-rail is about. */
const MAX_NAMED = 5;
/** Fields of a call by name in a condition. */
const NAMED_FIELD = /\b(?:features|group|truth|attrs|output\.values)\.[A-Za-z_]\w*|\boutput\.(?:label|score)\b/g;

/**
 * What in a replay looks like a mistake: a guard-rail that is about no call, fields that no call has, a condition that holds for none or all of them, a change that shows in the
 * rates and for which there are too few buckets.
 *
 * @param calls All calls of the recording.
 * @param about Those that the guard-rail judges.
 */
export function hintsFor(
  revised: RevisedGuardrail,
  calls: readonly ReplayCall[],
  about: readonly ReplayCall[],
  reports: readonly ShownReport[],
): string[] {
  const { spec } = revised.guardrail;
  const matches = compileMatch(spec.match);
  const matching = calls.filter(({ call }) => matches(call));
  if (calls.length > 0 && matching.length === 0) {
    const models = [...new Set(calls.map(({ call }) => `${call.model.name} ${call.model.version}`.trim()))];
    const more = models.length > MAX_NAMED ? ', …' : '';
    return [
      `\`match\` fits none of ${calls.length} calls; their models: ${models.slice(0, MAX_NAMED).join(', ')}${more}`,
    ];
  }
  const { evidence } = spec.over!;
  // The fields of a threshold stand in the conditions of its signals.
  if (evidence === undefined) return unknownFields(fieldsIn(JSON.stringify(spec.over!.signals)), matching);
  return [
    ...unknownFields(fieldsOf(evidence), matching),
    ...groupsMissing(evidence, about.length > 0 ? about : matching),
    ...alike(revised, evidence, about),
    ...reports.flatMap(fewBuckets),
  ];
}

function fieldsIn(text: string): string[] {
  return [...text.matchAll(NAMED_FIELD)].map(([field]) => field);
}

/** Fields that a test reads. */
function fieldsOf({ test }: Evidence): string[] {
  const named = test.type === 'drift' || test.type === 'association';
  return [
    ...('attribute' in test ? [`group.${test.attribute}`] : []),
    ...('strata' in test ? test.strata : []),
    ...('of' in test ? (named ? [test.of] : fieldsIn(test.of)) : []),
    ...fieldsIn(test.among),
  ];
}

/** Fields that are read and no call has: a name that the mapping does not give, as a rule. A stratum or a condition without its field judges something else than was meant. */
function unknownFields(read: readonly string[], calls: readonly ReplayCall[]): string[] {
  const unknown = [...new Set(read)].filter((field) => {
    const valueOf = fieldReader(field);
    return valueOf !== undefined && !calls.some((one) => isKnown(valueOf(wholeOf(one))));
  });
  return unknown.map(
    (field) => `no call has \`${field}\`, which the guard-rail reads: see which names the mapping gives`,
  );
}

function isKnown(value: unknown): boolean {
  return value !== null && value !== '' && !Number.isNaN(value);
}

/** The call with the facts that come later. */
function wholeOf({ call, facts }: ReplayCall): ReplayCall['call'] {
  return facts.reduce((whole, fact) => withFact(whole, fact), call);
}

function alike(revised: RevisedGuardrail, { test }: Evidence, about: readonly ReplayCall[]): string[] {
  if (test.type !== 'rate' && test.type !== 'rateGap') return [];
  const compiled = compileEvidence(revised);
  const seen = createObservation();
  let [calls, events] = [0, 0];
  for (const one of about) {
    if (!compiled.observe(wholeOf(one), seen)) continue;
    calls++;
    events += seen.column;
  }
  const enough = events === 0 ? ALL_ALIKE[test.type] : ALWAYS;
  if (calls < enough || (events > 0 && events < calls)) return [];
  const held = events === 0 ? 'none' : 'all';
  const given = fieldsIn(test.of).flatMap((field) => valuesOf(field, about));
  const values =
    given.length === 0 ? 'compare it with the values that the calls have' : `the calls have ${given.join(', ')}`;
  return [
    `\`${test.of}\` holds for ${held} of ${calls} calls: ${values}; yes and no, 1 and 0 become true and false by \`map\` of a mapping`,
  ];
}

/** The values of a field with few of them, the most frequent first, as a text; none of a group's, when fewer than ten calls have it. */
function valuesOf(field: string, calls: readonly ReplayCall[]): string[] {
  const valueOf = fieldReader(field);
  const counts = new Map<string, number>();
  for (const one of calls) {
    const value = valueOf?.(wholeOf(one));
    if (!isKnown(value) || value === undefined) continue;
    const text = typeof value === 'string' ? `'${value}'` : String(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (counts.size > MAX_VALUES) return [];
  }
  const shown = [...counts]
    .filter(([, n]) => !field.startsWith('group.') || n >= MIN_CELL)
    .sort(([, a], [, b]) => b - a);
  return shown.length === 0 ? [] : [`${field} = ${shown.map(([text, n]) => `${text} (${n})`).join(', ')}`];
}

/** Groups that a test names and no call has, and a comparison of one group with nothing. */
function groupsMissing({ test }: Evidence, about: readonly ReplayCall[]): string[] {
  if ((test.type !== 'rateGap' && test.type !== 'association') || about.length === 0) return [];
  const field = `group.${test.attribute}`;
  const valueOf = fieldReader(field);
  const known = new Set(
    about
      .map((one) => valueOf?.(wholeOf(one)))
      .filter(isKnown)
      .map(String),
  );
  if (known.size === 0) return [];
  const [values = `${field} has ${known.size} values`] = valuesOf(field, about);
  const named = test.type === 'rateGap' ? [test.reference, ...test.groups].filter((name) => name !== '') : [];
  const missing = [...new Set(named)].filter((name) => !known.has(name));
  if (missing.length > 0)
    return [
      `no call that it judges is of ${field} = ${missing.map((name) => `'${name}'`).join(', ')}: the calls have ${values}`,
    ];
  return known.size > 1
    ? []
    : [`all calls that it judges are of one group, and there is nothing to compare it with: the calls have ${values}`];
}

/** A change that shows in the rates and not yet in the evidence, because there are too few buckets to bet on. */
function fewBuckets({ mode, series, evidence, effect, effectSinceOnset, counters }: ShownReport): string[] {
  if (mode !== 'robust' || evidence.crossedAt >= 0 || effect === undefined || effectSinceOnset === undefined) return [];
  const { above, lower, upper, limit } = effectSinceOnset;
  // Where the change began was sought in the same calls, so all of them must lean that way too.
  const leans = above ? effect.value > limit : effect.value < limit;
  if (!leans || !(above ? lower > limit : upper < limit)) return [];
  const whose = Object.values(series).join(' ');
  return [
    `${whose}${whose === '' ? '' : ': '}the calls since the change lie beyond the limit, but the evidence is short of the threshold: \`mode: robust\` bets once on a bucket, and there were ${counters.buckets}. If each row is a person or session of its own, \`mode: iid\` tells more from the same rows; if not, more rows or a shorter \`every\` do`,
  ];
}
