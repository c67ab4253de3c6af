import type { AuditRecord, DecisionStory, TraceStory, VerdictStory } from '@guardspan/evaluator';
import { oneLine } from '@guardspan/policy';
import type { TraceStep } from '@guardspan/policy';
import pc from 'picocolors';

/** A trace's story for people: who, what, which revision, verdict, action, disposition, directive, feedback, and the records that say so. */
export function printStory(story: TraceStory, color: boolean): string {
  const { bold } = pc.createColors(color);
  const lines = [bold(`trace ${story.traceId}`)];
  for (const decision of story.decisions) lines.push('', ...decisionLines(decision, bold));
  if (story.related.length > 0) {
    lines.push('', bold('also in this trace'));
    for (const record of story.related) lines.push(oneLine(`  ${recordLine(record)}`));
  }
  return `${lines.join('\n')}\n`;
}

function decisionLines({ record, decision, verdicts }: DecisionStory, bold: (text: string) => string): string[] {
  const model = [decision.model || 'unknown', decision.modelVersion].filter((part) => part !== '').join(' ');
  const outcome = [
    decision.action,
    `(${decision.disposition})`,
    decision.rerouteTo === '' ? '' : `to ${decision.rerouteTo}`,
    counted(decision.redactions, 'redaction'),
    counted(decision.rewrites ?? 0, 'rewritten text'),
    decision.directive === '' ? '' : `by directive ${decision.directive}`,
  ];
  const [first = '', ...rest] = [
    `${bold('decision')} ${time(decision.at)}, record ${record.seq}`,
    `  who       ${record.actor || 'unknown'}`,
    `  call      model ${model}, span ${decision.spanId || 'unknown'}${decision.callId === '' ? '' : `, id ${decision.callId}`}`,
    `  action    ${outcome.filter((part) => part !== '').join(' ')}`,
    ...(verdicts.length === 0 ? ['  verdicts  none: every guard-rail passed'] : verdicts.flatMap(verdictLines)),
  ];
  return [first, ...rest.map((line) => oneLine(line))];
}

function counted(count: number, noun: string): string {
  return count > 0 ? `${count} ${noun}${count === 1 ? '' : 's'}` : '';
}

function verdictLines({ verdict, document, history, directives, feedback, overrides }: VerdictStory): string[] {
  const lines = [
    `  verdict   ${verdict.guardrail}: ${verdict.outcome} (${verdict.code}), id ${verdict.id}`,
    `    says         ${verdict.message}`,
    `    point        ${verdict.point}, mode ${verdict.mode}`,
    `    action       ${verdict.action} (${verdict.disposition})${verdict.directive === '' ? '' : ` by directive ${verdict.directive}`}`,
    `    revision     ${verdict.revision.slice(0, 12)}${document === undefined ? ', published before this audit begins' : publication(document)}`,
  ];
  for (const reason of reasonsOf(verdict.trace)) lines.push(`    because      ${reason}`);
  for (const record of [...history, ...directives, ...overrides, ...feedback].sort((a, b) => a.seq - b.seq))
    lines.push(`    then         ${recordLine(record)}`);
  return lines;
}

/** The steps of a condition in words. What holds the values of other steps says nothing of its own, and neither does a variable of a macro (`exists(e, ...)`). */
function reasonsOf(trace: readonly TraceStep[]): string[] {
  return trace.flatMap(({ expression: written, value, evaluated }) => {
    const expression = written.replace(/\s*\n\s*/g, ' ');
    const holds = trace.some((other) => other.expression.startsWith(`${written}.`));
    if (value === null && /^\w+$/.test(expression) && (holds || !evaluated)) return [];
    if (!evaluated) return [`${expression} is not reached`];
    return [`${expression} ${value === null ? 'has no value' : `is ${inWords(value)}`}`];
  });
}

/** A value of a trace, which holds the size of a text or a list in the place of its content. */
function inWords(value: NonNullable<TraceStep['value']>): string {
  const [, kind, size] = (typeof value === 'string' && /^(string|list)\((\d+)\)$/.exec(value)) || [];
  if (kind === undefined) return JSON.stringify(value);
  return kind === 'list' ? `a list of ${size}` : `a text of ${size} ${size === '1' ? 'character' : 'characters'}`;
}

function publication({ body, actor, at, seq }: AuditRecord): string {
  const { approver, selfApproved } = (body ?? {}) as { approver?: string; selfApproved?: boolean };
  const approved = selfApproved
    ? ', approved by its author'
    : approver === undefined || approver === ''
      ? ''
      : `, approved by ${approver}`;
  return `, published by ${actor}${approved} at ${time(at)} (record ${seq})`;
}

function recordLine(record: AuditRecord): string {
  const body = (record.body ?? {}) as Record<string, unknown>;
  return `${time(record.at)} ${what(record.kind, body)}, by ${record.actor || 'unknown'} (record ${record.seq})`;
}

function what(kind: AuditRecord['kind'], body: Record<string, unknown>): string {
  const shown = (name: string): string => {
    const text = said(body[name]);
    return text === '' ? '' : ` ${name} ${text}`;
  };
  const named = (name: string): string => said(body[name]) || 'unknown';
  const rest = (...names: string[]): string => {
    const text = names.map(shown).join('');
    return text === '' ? '' : `:${text}`;
  };
  if (kind === 'feedback')
    return `feedback: ${named('judgement').replace('_', ' ')}${rest('reason').replace(':', ',')}`;
  if (kind === 'directive') return `directive ${named('change')}${rest('id', 'epoch', 'scope')}`;
  if (kind === 'verdict') return `verdict ${named('state')}${rest('series', 'disposition', 'signals')}`;
  return `${kind} ${said(body.change)}${shown('reason')}`.trimEnd();
}

/** A field of a record in words; empty when it says nothing. */
function said(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (inner === null ? 'unknown' : inner));
}

function time(seconds: number): string {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : 'an unknown time';
}
