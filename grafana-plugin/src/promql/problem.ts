/** Why a query is no guard-rail; each has a sentence in the page that shows it. */
export interface Problem {
  code: 'syntax' | 'shape' | 'metric' | 'field' | 'outcome' | 'window' | 'aggregation' | 'comparison' | 'own';
  /** The part of the query that it is about. */
  about: string;
}

/** What of a query the guard-rail does not say. */
export interface Left {
  code: 'label' | 'matcher' | 'group' | 'window' | 'groups' | 'per-second' | 'refused';
  about: string;
}

/** A query that cannot be translated. */
export class Untranslatable extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.about}`);
    this.name = 'Untranslatable';
  }
}

/** Makes a refusal to throw. */
export function cannot(problem: Problem): Untranslatable {
  return new Untranslatable(problem);
}
