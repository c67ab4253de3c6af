import type { CallExplanation, ExplainedExpression, ExplainedGuardrail } from '@guardspan/policy';
import { oneLine } from '@guardspan/policy';
import pc from 'picocolors';

type Colors = ReturnType<typeof pc.createColors>;

/** Why a call got its decision, for people. Guard-rails that had no say come last, one line each. */
export function printExplanation({ guardrails, points }: CallExplanation, color: boolean): string {
  const colors = pc.createColors(color);
  const lines: string[] = [];
  const reached = points.filter(({ decision }) => decision.evaluated > 0 || decision.verdicts.length > 0);
  if (reached.length === 0) lines.push('no guard-rail is about this call: allow (not_evaluated)');
  for (const { point, decision } of reached) {
    const end = decision.end === null ? '' : ', the call ends here';
    lines.push(`${colors.bold(`at ${point}`)}: ${decision.action} (${decision.disposition})${end}`);
    for (const verdict of decision.verdicts)
      lines.push(`  ${verdict.guardrail}: ${verdict.action} (${verdict.disposition})`);
  }
  const judged = guardrails.filter(({ outcome }) => outcome !== 'not_judged');
  const silent = guardrails.filter(({ outcome }) => outcome === 'not_judged');
  for (const guardrail of judged) lines.push('', ...guardrailLines(guardrail, colors));
  if (silent.length > 0) lines.push('', colors.bold('had no say'));
  for (const { name, reason } of silent) lines.push(`  ${name}: ${reason}`);
  return `${lines.join('\n')}\n`;
}

function guardrailLines(guardrail: ExplainedGuardrail, colors: Colors): string[] {
  const { name, revision, mode, point, outcome, reason, match, detectors, condition } = guardrail;
  const shown = outcome === 'violation' ? colors.red(outcome) : outcome;
  const lines = [
    `${colors.bold(name)} ${revision.slice(0, 12)}, mode ${mode}, at ${point}: ${shown}`,
    `  ${oneLine(reason)}`,
  ];
  for (const { key, globs, value } of match)
    lines.push(`  match ${key}: ${oneLine(JSON.stringify(value))} is in [${globs.join(', ')}]`);
  for (const { name: use, detector, findings, error } of detectors) {
    const places = findings.map(({ entity, path, start, end }) => `${entity} in ${path} ${start}-${end}`);
    lines.push(`  ${use} (${detector}): ${error ?? (places.length === 0 ? 'nothing' : places.join(', '))}`);
  }
  if (condition !== null) lines.push(...expressionLines(condition, '  ', colors));
  return lines;
}

function expressionLines(step: ExplainedExpression, indent: string, colors: Colors): string[] {
  const { expression, value, evaluated, error, parts } = step;
  const outcome =
    error !== undefined
      ? colors.red(`failed: ${oneLine(error)}`)
      : evaluated
        ? `= ${typeof value === 'string' && /^-?Infinity$|^NaN$/.test(value) ? value : oneLine(JSON.stringify(value))}`
        : colors.dim('not reached');
  return [
    `${indent}${oneLine(unbroken(expression))}  ${outcome}`,
    ...parts.flatMap((part) => expressionLines(part, `${indent}  `, colors)),
  ];
}

/** An expression that was written on several lines, on one. */
function unbroken(expression: string): string {
  return expression.replace(/\s*\n\s*/g, ' ');
}
