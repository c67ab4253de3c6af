import type { EntityDetector } from './types.js';
import { digitsOf, hasDigit, isWord } from './boundary.js';

/** United States social security numbers with separators; area, group and serial rules of the Social Security Administration. */
export const usSsn: EntityDetector = {
  entity: 'us_ssn',
  pattern: '\\d{3}[ \\-]\\d{2}[ \\-]\\d{4}',
  score: 0.85,
  maxLength: 11,
  prefilter: hasDigit,
  validate: (text, before, after) => {
    if (isWord(before) || isWord(after) || before === '-' || after === '-' || text[3] !== text[6]) return false;
    const digits = digitsOf(text);
    const area = digits.slice(0, 3);
    const bad =
      area === '000' ||
      area === '666' ||
      area[0] === '9' ||
      digits.slice(3, 5) === '00' ||
      digits.slice(5) === '0000' ||
      digits === '078051120';
    return bad ? false : undefined;
  },
  positives: ['ssn 536-90-4399', '219 09 9999'],
  negatives: ['000-12-3456', '666-12-3456', '123-00-4567', '123-45-0000', '5536-90-4399'],
};
