import { checkPattern } from '../../detect/pack/check-pattern.js';
import { longestMatch } from '../../detect/pack/longest-match.js';
import type { Finding } from '../finding.js';
import type { DetectorPack, PackEntity } from './pack-types.js';

/** Longest match that a pattern may have; longer ones would have to wait too long in a streamed answer. */
const MAX_LENGTH = 1000;
/** Characters of all words and canaries of a pack. */
const MAX_LISTED = 20_000;

/** Checks everything about a pack that its shape does not say. All findings, not the first. */
export function checkPack({ spec }: DetectorPack): Finding[] {
  const findings: Finding[] = [];
  let listed = 0;
  for (const [name, entity] of Object.entries(spec.entities)) {
    listed += [...(entity.words ?? []), ...(entity.canaries ?? [])].reduce((sum, { length }) => sum + length, 0);
    findings.push(...checkEntity(name, entity));
  }
  if (listed > MAX_LISTED)
    findings.push({
      code: 'GUARDSPAN_PATTERN_SIZE',
      path: ['spec', 'entities'],
      message: `the words and canaries of the pack have ${listed} characters; at most ${MAX_LISTED} are taken`,
      hint: 'split the pack into several',
    });
  return findings;
}

function checkEntity(name: string, entity: PackEntity): Finding[] {
  const path = ['spec', 'entities', name];
  const { words, canaries, pattern, maxLength, validator } = entity;
  const forms = [words, canaries, pattern].filter((form) => form !== undefined);
  if (forms.length !== 1)
    return [
      {
        code: 'GUARDSPAN_DOC_PACK',
        path,
        message: `an entity has exactly one of words, canaries and pattern, not ${forms.length}`,
        hint: 'split it into several entities, or remove what is not meant',
      },
    ];
  const findings: Finding[] = [];
  if (validator !== undefined && pattern === undefined)
    findings.push({
      code: 'GUARDSPAN_DOC_PACK',
      path: [...path, 'validator'],
      message: 'a check digit is checked on what a pattern finds',
      hint: 'use a pattern, or remove it',
    });
  for (const word of words ?? [])
    if (!/[\p{L}\p{N}]/u.test(word))
      findings.push({
        code: 'GUARDSPAN_DOC_PACK',
        path: [...path, 'words'],
        message: `${JSON.stringify(word)} holds no letter and no digit`,
        hint: 'use a pattern for signs',
      });
  if (pattern === undefined) return findings;
  const refused = checkPattern(pattern);
  if (refused !== null) return [...findings, { ...refused, path: [...path, 'pattern'] }];
  if (maxLength === 0 || maxLength > MAX_LENGTH || longestMatch(pattern) === 0)
    findings.push({
      code: 'GUARDSPAN_PATTERN_UNBOUNDED',
      path: [...path, 'pattern'],
      message: `a match of the pattern may be longer than ${MAX_LENGTH} characters, or has no end at all`,
      hint: `bound its repeats, for example {1,40} in place of +, or write maxLength (at most ${MAX_LENGTH})`,
    });
  return findings;
}
