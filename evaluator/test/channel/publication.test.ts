import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Publication } from '../../src/channel/publication.js';
import { windowed } from './support/guardrail.js';

const SERVICES = ['shop', 'bank', 'mail'];
const ENVIRONMENTS = ['prod', 'test'];

/** Few documents that differ in who they are about, made once. */
const documents = ['a', 'b', 'c', 'd'].map((name) =>
  [
    { match: { services: ['shop'] } },
    { match: { services: ['*a*'], environments: ['prod'] } },
    { match: { environments: ['test'] } },
    { match: {} },
    { match: {}, mode: 'off' },
  ].map((spec) => windowed(name, spec)),
);
const set = fc.tuple(...documents.map((versions) => fc.option(fc.constantFrom(...versions))));

describe('what a process holds', () => {
  it('is what the set says, whatever the sets before said', () => {
    fc.assert(
      fc.property(fc.array(set, { maxLength: 8 }), (sets) => {
        const publication = new Publication();
        for (const versions of sets) {
          const guardrails = versions.filter((one) => one !== null);
          publication.set(guardrails);
          const afresh = new Publication();
          afresh.set(guardrails);
          for (const service of SERVICES)
            for (const environment of ENVIRONMENTS) {
              const { revision, guardrails, json, limits } = publication.selection({ service, environment });
              const expected = afresh.selection({ service, environment });
              expect({ revision, guardrails, json, limits }).toEqual({ ...expected });
            }
        }
      }),
    );
  });

  it('stays the same object while no change is about the process', () => {
    const publication = new Publication();
    const [shop, prod] = documents[0]!;
    publication.set([shop!]);
    const held = publication.selection({ service: 'mail', environment: 'test' });
    publication.set([shop!, documents[1]![0]!]);
    expect(publication.selection({ service: 'mail', environment: 'test' })).toBe(held);
    publication.set([prod!, documents[1]![2]!]);
    expect(publication.selection({ service: 'mail', environment: 'test' })).not.toBe(held);
  });
});
