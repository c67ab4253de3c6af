import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const SOURCE = new URL('../../evaluator/openapi/openapi.json', import.meta.url);
const TARGET = new URL('../src/api/openapi.gen.ts', import.meta.url);

/** Paths that processes and gateways use, not people. Their schemas are recursive, which the generator cannot follow. */
const NOT_OURS = ['/api/v1/agent/', '/api/v1/decide', '/v1/data/'];

/** The types of the evaluator's answers, as text. */
export async function apiTypes() {
  const document = JSON.parse(readFileSync(SOURCE, 'utf8'));
  document.paths = Object.fromEntries(
    Object.entries(document.paths).filter(([path]) => !NOT_OURS.some((prefix) => path.startsWith(prefix))),
  );
  const text = `// Generated from evaluator/openapi/openapi.json by npm run generate.\n${astToString(await openapiTS(document))}`;
  return format(text, { ...(await resolveConfig(TARGET)), parser: 'typescript' });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = await apiTypes();
  if (process.argv.includes('--check')) {
    if (readFileSync(TARGET, 'utf8') !== text) {
      process.stderr.write('src/api/openapi.gen.ts is not what the evaluator describes: npm run generate\n');
      process.exitCode = 1;
    }
  } else writeFileSync(TARGET, text);
}
