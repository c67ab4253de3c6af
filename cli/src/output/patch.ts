import { createTwoFilesPatch } from 'diff';

/** What leads from one text to another, as a unified diff. */
export function patch(from: string, to: string, before: string, after: string): string {
  const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  return createTwoFilesPatch(from, to, ended(before), ended(after));
}
