import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import { ROOT } from './paths.mjs';
import { progress } from './progress.mjs';

const built = (path) => import(new URL(path, `file://${ROOT}/`).href);
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const markdown = (text) => format(text, { parser: 'markdown', printWidth: 120 });

/**
 * Every committed file that code prints, as path to text. A page that is only partly generated comes with its other parts as they are.
 *
 * @returns {Promise<Map<string, string>>}
 */
export async function generatedFiles() {
  const policy = await built('policy/dist/esm/index.js');
  const evaluator = await built('evaluator/dist/index.js');
  const { printCliReference } = await built('cli/dist/print-reference.js');
  const { createOpenApiDocument } = await built('evaluator/dist/http/openapi.js');
  const { apiMarkdown } = await built('evaluator/dist/http/api-markdown.js');
  const { parseRules, toGrafana, toPrometheusRule } = await built('alert-rules/dist/index.js');
  const { createDashboards } = await built('dashboards/dist/index.js');
  const groups = parseRules(readFileSync(join(ROOT, 'alert-rules/rules/guardspan.yaml'), 'utf8'));
  const note = '# Generated from alert-rules/rules/guardspan.yaml by npm run generate.\n';
  return new Map([
    ['policy/schema/guardrail.schema.json', json(policy.guardrailJsonSchema())],
    ['policy/schema/guardrail-test.schema.json', json(policy.testSuiteJsonSchema())],
    ['policy/schema/channel.schema.json', json(policy.channelJsonSchema())],
    ['docs/failure-table.md', await markdown(policy.printFailureTable())],
    ['evaluator/openapi/openapi.json', json(createOpenApiDocument())],
    ['docs/api.md', await markdown(apiMarkdown())],
    ['alert-rules/grafana/guardspan.yaml', `${note}${toGrafana(groups)}`],
    ['alert-rules/kubernetes/prometheusrule.yaml', `${note}${toPrometheusRule(groups)}`],
    ...Object.entries(createDashboards()).map(([name, dashboard]) => [`dashboards/json/${name}.json`, json(dashboard)]),
    block('docs/metrics.md', evaluator.printMetricReference()),
    block('docs/configuration.md', evaluator.printConfigReference()),
    block('docs/cli.md', printCliReference()),
  ]);
}

/** Writes each generated file that differs from what the code prints. */
export async function generate() {
  const files = await generatedFiles();
  let changed = 0;
  for (const [path, text] of files) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    progress(`wrote ${path}`);
    changed++;
  }
  progress(`${files.size} generated files, ${changed} changed`);
}

/** A page whose part between the two marks is `text`. */
function block(path, text) {
  const page = readFileSync(join(ROOT, path), 'utf8');
  const marks = /(<!-- generated: begin -->\n\n)[\s\S]*(\n\n<!-- generated: end -->)/;
  if (!marks.test(page)) throw new Error(`${path} has no marks for its generated part`);
  return [path, page.replace(marks, (_, begin, end) => `${begin}${text}${end}`)];
}
