import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sayIssue } from '../../src/index.js';

const said = (schema: z.ZodType, value: unknown): string[] => schema.safeParse(value).error!.issues.map(sayIssue);

describe('words for what a schema complains about', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['must be a text, but it is a number', z.string(), 1],
    ['must be a number, but it is a text', z.number(), 'x'],
    ['must be true or false, but it is a list', z.boolean(), []],
    ['must be a list, but it is a mapping', z.array(z.string()), {}],
    ['must be a mapping, but it is nothing', z.strictObject({}), null],
    ['must be a whole number', z.int(), 1.5],
    ['must be "required"', z.literal('required'), 'x'],
    ['must be one of off, dryrun', z.enum(['off', 'dryrun']), 'x'],
    ['must have at least 1 entry', z.array(z.string()).min(1), []],
    ['must have at least 2 entries', z.array(z.string()).min(2), []],
    ['must have at most 3 characters', z.string().max(3), 'xxxx'],
    ['must be at least 1', z.number().min(1), 0],
    ['must be more than 1', z.number().gt(1), 1],
    ['must be less than 0.5', z.number().lt(0.5), 0.5],
    ['must be a multiple of 5', z.number().multipleOf(5), 7],
    ['must match /^[a-z]+$/', z.string().regex(/^[a-z]+$/), '1'],
    ['must be a URL like https://example.com', z.url(), 'x'],
    ['must be a date like 2026-01-31', z.iso.date(), 'soon'],
    ['must be written as base64', z.base64(), '?'],
    ['unknown keys "a", "b"', z.strictObject({}), { a: 1, b: 2 }],
    [
      'is no key that may stand here: must have at least 2 characters',
      z.record(z.string().min(2), z.string()),
      { a: 'b' },
    ],
    ['fits none of the forms that it may have', z.union([z.string(), z.number()]), true],
  ])('%s', (words, schema, value) => {
    expect(said(schema, value)).toEqual([words]);
  });

  it('leaves the own words of a schema as they are', () => {
    expect(said(z.string().regex(/^a/, 'begin it with a'), 'b')).toEqual(['begin it with a']);
    expect(
      said(
        z.string().refine(() => false, 'write more'),
        'b',
      ),
    ).toEqual(['write more']);
  });
});
