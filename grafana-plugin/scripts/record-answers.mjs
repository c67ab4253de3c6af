import { writeFileSync } from 'node:fs';

/**
 * Records answers of a running evaluator for the unit tests: `node scripts/record-answers.mjs http://127.0.0.1:7420`, with the demonstration
 * (npm start) behind it while a guard-rail fires. A contract test of the evaluator keeps them true.
 */
const base = process.argv[2];
if (base === undefined) throw new Error('usage: node scripts/record-answers.mjs URL');

const read = async (path) => (await fetch(`${base}/api/v1/${path}`)).json();
const [firing] = (await read('verdicts?active=true&limit=1')).items;
const name = firing?.guardrail ?? 'slow-model';
const ANSWERS = [
  ['getSession', 'session'],
  ['listGuardrails', 'guardrails'],
  ['getGuardrail', `guardrails/${name}`],
  ['getGuardrailHistory', `guardrails/${name}/history`],
  ['listVerdicts', 'verdicts?limit=8'],
  ['getVerdict', `verdicts/${firing?.id ?? ''}`],
  ['listSeries', 'series?limit=20'],
  ['listDirectives', 'directives'],
  ['listFleet', 'fleet'],
  ['getCoverage', 'coverage'],
  ['listDispositions', 'dispositions'],
  ['listKillSwitches', 'kill'],
  ['queryAudit', 'audit?kind=document&limit=8&descending=true'],
];
for (const [operation, path] of ANSWERS) {
  const response = await fetch(`${base}/api/v1/${path}`);
  const body = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
  const file = new URL(`../src/test/answers/${operation}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(body, null, 2)}\n`);
  process.stdout.write(`${operation}: ${path}\n`);
}
