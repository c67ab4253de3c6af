import type { z } from 'zod';
import type { match, metadata } from './schema-parts.js';
import type { Match, Metadata } from './types.js';

/** A map with its keys in order. */
export function sortedMap<T>(map: Readonly<Record<string, T>> | undefined): { [key: string]: T } {
  return Object.fromEntries(Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `match` with every key; an empty list matches everything. */
export function normaliseMatch(written: z.infer<typeof match> | undefined): Match {
  const list = (globs: readonly string[] | undefined): string[] => [...new Set(globs ?? [])].sort();
  return {
    services: list(written?.services),
    models: list(written?.models),
    versions: list(written?.versions),
    environments: list(written?.environments),
    tenants: list(written?.tenants),
    operations: list(written?.operations),
    featureViews: list(written?.featureViews),
  };
}

/** The head of a document that an evaluator holds; git owns what does not say otherwise. */
export function normaliseMetadata({ name, labels, annotations, managedBy }: z.infer<typeof metadata>): Metadata {
  return { name, labels: sortedMap(labels), annotations: sortedMap(annotations), managedBy: managedBy ?? 'git' };
}
