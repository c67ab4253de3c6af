/** Resources (first parts of query keys) that an event of the stream changes. */
const RESOURCES: { [type: string]: readonly string[] } = {
  document: ['guardrails', 'proposals', 'series', 'evidence', 'audit', 'fleet'],
  verdict: ['verdicts', 'series', 'evidence', 'directives', 'audit', 'dispositions'],
  directive: ['directives', 'fleet', 'verdicts', 'dispositions'],
  fleet: ['fleet', 'guardrails', 'coverage', 'directives'],
  kill: ['kill', 'audit', 'fleet'],
  feedback: ['verdicts', 'audit'],
  override: ['verdicts', 'series', 'directives', 'audit', 'guardrails'],
};

/** What to read anew after an event; undefined for everything, as after `gap` or a type that this version does not know. */
export function affectedBy(type: string): readonly string[] | undefined {
  return RESOURCES[type];
}
