import type { AuditRecord, DecisionStory, TraceStory, VerdictStory } from '@guardspan/evaluator';
import pc from 'picocolors';

/** A trace's story for people: who, what, which revision, verdict, action, disposition, directive, feedback, and the records that say so. */
export function printStory(story: TraceStory, color: boolean): string {
  const { bold } = pc.createColors(color);
  const lines = [bold(`trace ${story.traceId}`)];
  for (const decision of story.decisions) lines.push('', ...decisionLines(decision, bold));
  if (story.related.length > 0) {
    lines.push('', bold('also in this trace'));
    for (const record of story.related) lines.push(`  ${recordLine(record)}`);
  }
  return `${lines.join('\n')}\n`;
}

function decisionLines({ record, decision, verdicts }: DecisionStory, bold: (text: string) => string): string[] {
  const model = decision.modelVersion === '' ? decision.model : `${decision.model} ${decision.modelVersion}`;
  const outcome = [
    decision.action,
    `(${decision.disposition})`,
    decision.rerouteTo === '' ? '' : `to ${decision.rerouteTo}`,
    decision.redactions > 0 ? `${decision.redactions} ${decision.redactions === 1 ? 'redaction' : 'redactions'}` : '',
    decision.directive === '' ? '' : `by directive ${decision.directive}`,
  ];
  return [
    `${bold('decision')} ${time(decision.at)}, record ${record.seq}`,
    `  who       ${record.actor}`,
    `  call      model ${model}, span ${decision.spanId || 'unknown'}${decision.callId === '' ? '' : `, id ${decision.callId}`}`,
    `  action    ${outcome.filter((part) => part !== '').join(' ')}`,
    ...(verdicts.length === 0 ? ['  verdicts  none: every guard-rail passed'] : verdicts.flatMap(verdictLines)),
  ];
}

function verdictLines({ verdict, document, history, directives, feedback, overrides }: VerdictStory): string[] {
  const lines = [
    `  verdict   ${verdict.guardrail}: ${verdict.outcome} (${verdict.code}), id ${verdict.id}`,
    `    says         ${verdict.message}`,
    `    point        ${verdict.point}, mode ${verdict.mode}`,
    `    action       ${verdict.action} (${verdict.disposition})${verdict.directive === '' ? '' : ` by directive ${verdict.directive}`}`,
    `    revision     ${verdict.revision.slice(0, 12)}${document === undefined ? ', published before this audit begins' : publication(document)}`,
  ];
  for (const { expression, value, evaluated } of verdict.trace)
    lines.push(`    because      ${expression} is ${evaluated ? JSON.stringify(value) : 'not reached'}`);
  for (const record of [...history, ...directives, ...overrides, ...feedback].sort((a, b) => a.seq - b.seq))
    lines.push(`    then         ${recordLine(record)}`);
  return lines;
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
  return `${time(record.at)} ${what(record.kind, body)}, by ${record.actor} (record ${record.seq})`;
}

function what(kind: AuditRecord['kind'], body: Record<string, unknown>): string {
  const shown = (name: string): string => {
    const value = body[name];
    if (value === undefined || value === '') return '';
    return ` ${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  };
  if (kind === 'feedback') return `feedback: ${String(body.judgement).replace('_', ' ')},${shown('reason')}`;
  if (kind === 'directive') return `directive ${String(body.change)}:${shown('id')}${shown('epoch')}${shown('scope')}`;
  if (kind === 'verdict')
    return `verdict ${String(body.state)}:${shown('series')}${shown('disposition')}${shown('signals')}`;
  return `${kind} ${String(body.change ?? '')}${shown('reason')}`.trimEnd();
}

function time(seconds: number): string {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : 'an unknown time';
}
