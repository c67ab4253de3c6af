import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

/** The starters of the command are those of the app: one source. */
const SOURCE = new URL('../../cli/starters/', import.meta.url);
const TARGET = new URL('../src/pages/NewGuardrail/starters.gen.json', import.meta.url);

/** Name, use case, description and text of each guard-rail that a starter holds, as JSON. */
export async function starters() {
  const found = readdirSync(SOURCE)
    .sort()
    .flatMap((useCase) =>
      readdirSync(new URL(`${useCase}/`, SOURCE))
        .sort()
        .map((file) => ({ useCase, text: readFileSync(new URL(`${useCase}/${file}`, SOURCE), 'utf8') })),
    )
    .flatMap(({ useCase, text }) => {
      const { kind, metadata, spec } = parse(text);
      return kind === 'Guardrail' ? [{ name: metadata.name, useCase, description: spec.description, text }] : [];
    });
  return format(JSON.stringify(found), { ...(await resolveConfig(TARGET)), parser: 'json' });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = await starters();
  if (process.argv.includes('--check')) {
    if (readFileSync(TARGET, 'utf8') !== text) {
      process.stderr.write(
        'src/pages/NewGuardrail/starters.gen.json is not what cli/starters holds: npm run generate\n',
      );
      process.exitCode = 1;
    }
  } else writeFileSync(TARGET, text);
}
