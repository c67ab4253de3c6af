import { writeFileSync } from 'node:fs';

/**
 * Records answers of a running evaluator for the unit tests: `node scripts/record-answers.mjs http://127.0.0.1:3000`, the address of the
 * stand-in for Grafana that npm start opens, while a guard-rail of the demonstration fires. Names of operations after the URL limit it to those. A contract test of the evaluator keeps
 * them true.
 */
const [base, ...only] = process.argv.slice(2);
if (base === undefined) throw new Error('usage: node scripts/record-answers.mjs URL [OPERATION...]');

const ask = (path) =>
  fetch(`${base}/api/plugin-proxy/guardspan-guardrails-app/read/api/v1/${path}`, {
    headers: { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` },
  });
const read = async (path) => (await ask(path)).json();
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
  ['listFleet', 'fleet?gone=true'],
  ['listModels', 'models'],
  ['listModelGuardrails', 'models/guardrails?service=assistant'],
  ['getPrecision', `guardrails/${name}/precision`],
  ['getCoverage', 'coverage'],
  ['listDispositions', 'dispositions'],
  ['listKillSwitches', 'kill'],
  ['queryAudit', 'audit?kind=document&limit=8&descending=true'],
];
for (const [operation, path] of ANSWERS.filter(([operation]) => only.length === 0 || only.includes(operation))) {
  const response = await ask(path);
  const body = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
  const file = new URL(`../src/test/answers/${operation}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(body, null, 2)}\n`);
  process.stdout.write(`${operation}: ${path}\n`);
}
