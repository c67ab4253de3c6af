import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of a starter. */
export interface StarterFile {
  name: string;
  text: string;
}

/** Use cases that there are starters for, with what they hold. Each is a directory of `cli/starters`. */
export const USE_CASES: Readonly<Record<string, string>> = {
  'llm-privacy': 'personal data is redacted from prompts, secrets from answers',
  'llm-cost': 'a tenant that spends too many tokens is slowed down',
  latency: 'calls leave a model while it is slow',
  availability: 'a model version of which most calls fail is stopped',
  agents: 'forbidden tools are refused, a session that loops is stopped',
  drill: 'what guardspan drill violates, to try the way to the pager',
  'tabular-fairness': 'approval rates of groups stay close, implausible features are refused',
};

const root = fileURLToPath(new URL('../starters/', import.meta.url));

/** The files of one starter, sorted by name. Suites are called by their use case, so that several starters fit into one directory. */
export function starterFiles(useCase: string): StarterFile[] {
  const folder = join(root, useCase);
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      name: file === 'suite.yaml' ? `${useCase}.suite.yaml` : file,
      text: readFileSync(join(folder, file), 'utf8'),
    }));
}
