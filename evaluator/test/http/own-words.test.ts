import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/http/openapi.js';
import { routes } from '../../src/http/routes/index.js';
import { startHarness } from './harness.js';
import type { Harness } from './harness.js';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.close());

/** How the schema and YAML libraries speak of themselves. */
const LIBRARY =
  /\bit unknown\b|Invalid (?:input|string|option|element|key|value|format|number|ISO|URL|discriminator)|Too (?:small|big)|Unrecognized key|expected \w+, received|\bundefined\b|\bNaN\b|\[object|ZodError|Cannot read prop|is not a function|is not iterable|Unexpected (?:token|end)|in JSON at position/;

const WRONG: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e300, '', 'x', 'x'.repeat(3000), '\u0000'],
  ...[[], [null], [{}], ['x'], {}, { x: 1 }, { '': null }, { constructor: 1 }],
];
const TOKENS = {
  ...{ viewer: 'vera-viewer', editor: 'eddie-editor', approver: 'anna-approver' },
  ...{ admin: 'ada-admin', agent: 'shop-agent' },
} as const;

interface JsonSchema {
  properties?: { [name: string]: JsonSchema };
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  $ref?: string;
}
interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: { [type: string]: { schema: JsonSchema } } };
}

interface Problem {
  detail: string;
  hint: string;
  code: string;
  errors?: { message: string; hint: string }[];
}

const api = createOpenApiDocument() as unknown as {
  paths: { [path: string]: { [method: string]: Operation } };
  components?: { schemas?: { [name: string]: JsonSchema } };
};

/** Bodies that miss what a schema wants in one place each, down to the third level. */
function* wrongBodies(schema: JsonSchema, depth = 0): Generator<unknown> {
  const named = schema.$ref?.split('/').at(-1);
  const own = named === undefined ? schema : (api.components?.schemas?.[named] ?? {});
  yield* WRONG;
  if (depth === 3) return;
  for (const one of own.anyOf ?? []) yield* wrongBodies(one, depth + 1);
  if (own.items !== undefined) for (const item of wrongBodies(own.items, depth + 1)) yield [item];
  for (const [name, property] of Object.entries(own.properties ?? {}))
    for (const value of wrongBodies(property, depth + 1)) yield { [name]: value };
}

describe('what the API says of wrong input', () => {
  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'is said in own words: %s',
    async (_, { method, path, role }) => {
      const operation = api.paths[path]![method.toLowerCase()]!;
      const content = operation.requestBody?.content ?? {};
      const [type = 'application/json'] = Object.keys(content);
      const queries = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .flatMap(({ name }) =>
          ['', 'x', '-1', '1e99', 'é'.repeat(2000), '\u0000'].map((value) => `?${name}=${encodeURIComponent(value)}`),
        );
      // A stream of events never ends, whatever is asked for.
      if (path.endsWith('/events')) queries.length = 0;
      const bodies =
        content['application/json'] === undefined ? [] : [...wrongBodies(content['application/json'].schema)];
      const asks = [
        ...queries.map((query) => ({ query, body: bodies.length === 0 ? undefined : '{}' })),
        ...bodies.map((body) => ({ query: '', body: JSON.stringify(body) })),
        ...(Object.keys(content).length === 0 ? [] : ['', '{', '{"a":}', '\ufeff', 'a: [', 'a: *b']).map((body) => ({
          query: '',
          body,
        })),
      ];
      let refused = 0;
      for (const { query, body } of asks) {
        const options = body === undefined ? {} : { body, headers: { 'content-type': type, 'if-none-match': '*' } };
        const address = path.replace(/\{[^}]+\}/g, 'x') + query;
        const response = await h.call(method, address, role === null ? '' : TOKENS[role], options);
        const text = await response.text();
        expect(response.status, `${address} ${body ?? ''} ${text}`).not.toBe(500);
        if (response.status < 400) continue;
        refused++;
        const { detail, hint, code, errors = [] } = JSON.parse(text) as Problem;
        for (const said of [detail, hint, ...errors.flatMap((error) => [error.message, error.hint])])
          expect(said, `${address} ${body ?? ''}`).not.toMatch(LIBRARY);
        expect(code).toMatch(/^GUARDSPAN_/);
        expect(detail, `${address} ${body ?? ''}`).not.toMatch(/: :|^\s*$/);
      }
      if (bodies.length > 0) expect(refused).toBeGreaterThan(5);
    },
  );
});
