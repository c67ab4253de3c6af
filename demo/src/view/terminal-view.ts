import pc from 'picocolors';
import type { ScenarioState } from '../scenario/run-scenario.js';

const LOG_LINES = 12;

function number(value: number, unit = ''): string {
  return Number.isNaN(value) ? '-' : `${value.toLocaleString('en')}${unit}`;
}

/** A text cut to what is left of a line. */
function clip(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}

/** The screen as lines of text, none longer than `columns`; pure, so that a test can read it. */
export function renderTerminal(state: ScenarioState, now: number, color: boolean, columns = 120): string[] {
  const c = pc.createColors(color);
  const { tally, coverage, propagation, admissions } = state;
  const share = coverage.coverage === null ? '-' : `${(coverage.coverage * 100).toFixed(1)} %`;
  const lines = [
    `${c.bold('Guardspan')}  ${c.dim(`${Math.round(now - state.startedAt)} s`)}   phase ${c.cyan(state.phase)}`,
    c.dim(
      `feed: ${state.path === 'collector' ? 'apps → OpenTelemetry Collector → evaluator' : 'apps → evaluator (no Collector found)'}   API ${state.apiUrl}/api/v1${state.pageUrl === '' ? '' : `   page ${state.pageUrl}`}`,
    ),
    ...(state.appUrl === ''
      ? []
      : [`app   ${c.bold(state.appUrl)}   ${c.dim('the Grafana app on a stand-in for Grafana')}`]),
    '',
    `calls ${c.bold(number(tally.calls))}   coverage ${c.bold(share)}   verdict to enforcement p50 ${number(propagation.p50, ' ms')}  p99 ${number(propagation.p99, ' ms')}`,
    `actions   redact ${c.bold(number(tally.actions.redact))}   reroute ${c.bold(number(tally.actions.reroute))}   throttle ${c.bold(number(tally.actions.throttle))}   shutdown ${c.bold(number(tally.actions.shutdown))}   without a cause ${tally.falseActions === 0 ? '0' : c.red(String(tally.falseActions))}`,
    `admissions   ${number(admissions.decided)} decided   version ${admissions.deployed}${admissions.deployed === '1' ? '' : c.yellow(' (biased)')}`,
    '',
    c.bold('verdicts'),
  ];
  const shown = state.verdicts.slice(0, 6);
  for (const verdict of shown) {
    const where = Object.values(verdict.series).join(' / ');
    const released = verdict.releasedAt > 0;
    const status = released ? `released after ${(verdict.releasedAt - verdict.firstAt).toFixed(1)} s` : verdict.state;
    const head = `  ${verdict.guardrail.padEnd(18)} ${where.padEnd(26)} `;
    const room = columns - head.length - status.length - 2;
    lines.push(`${head}${released ? c.green(status) : c.red(status)}  ${c.dim(clip(verdict.message, room))}`);
  }
  if (shown.length === 0) lines.push(c.dim('  none'));
  lines.push('', c.bold('what happened'));
  for (const entry of state.log.slice(-LOG_LINES))
    lines.push(
      `  ${c.dim(`${(entry.at - state.startedAt).toFixed(1).padStart(5)} s`)}  ${clip(entry.text, columns - 11)}`,
    );
  for (const failure of state.failures) lines.push(c.red(clip(`  failed: ${failure}`, columns)));
  return lines;
}

/** Shows the state: redrawn in place on a terminal, one line for each event elsewhere. Returns the function that stops it after a last drawing. */
export function showTerminal(state: ScenarioState, stream: NodeJS.WriteStream): () => void {
  let logged = 0;
  const draw = (): void => {
    const now = Date.now() / 1000;
    if (stream.isTTY) {
      const lines = renderTerminal(state, now, true, stream.columns).slice(0, Math.max(10, stream.rows - 1));
      // Home, write each line and clear its rest, clear below: no flicker.
      stream.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\n')}\n\x1b[J`);
      return;
    }
    for (; logged < state.log.length; logged++) {
      const entry = state.log[logged]!;
      stream.write(`${(entry.at - state.startedAt).toFixed(1).padStart(6)} s  ${entry.text}\n`);
    }
  };
  if (stream.isTTY) stream.write('\x1b[2J');
  const timer = setInterval(draw, 250);
  return () => {
    clearInterval(timer);
    draw();
  };
}
