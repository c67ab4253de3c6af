import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { routes } from '../../src/http/routes/index.js';

const FOLDER = new URL('../../../grafana-plugin/src/test/answers/', import.meta.url);

describe('answers that the tests of the Grafana app stand on', () => {
  it.each(readdirSync(FOLDER).map((file) => file.replace('.json', '')))(
    '%s is what this evaluator would answer: no field more, none less',
    (operation) => {
      const body: unknown = JSON.parse(readFileSync(new URL(`${operation}.json`, FOLDER), 'utf8'));
      const { responses } = routes.find(({ operationId }) => operationId === operation)!;
      const schema = (responses[200] ?? responses[201])?.schema;
      expect((schema as z.ZodType).parse(body)).toEqual(body);
    },
  );
});
