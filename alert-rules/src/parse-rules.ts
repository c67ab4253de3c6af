import { parse } from 'yaml';
import type { RuleGroup } from './types.js';

/** Groups of a Prometheus rule file, in its order. @throws Error when the text is no such file */
export function parseRules(text: string): RuleGroup[] {
  const groups = (parse(text) as { groups?: RuleGroup[] } | null)?.groups;
  if (!Array.isArray(groups)) throw new Error('no "groups" in the rule file; it must be a Prometheus rule file');
  return groups;
}
