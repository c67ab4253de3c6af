import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Visitor } from './fixtures';

interface Include {
  type: string;
  name: string;
  path: string;
  role?: string;
}

/** Pages of the built plugin.json that stand in the menu, by their paths below `/a/<id>/`. */
export function menuPages(): ReadonlyArray<{ name: string; path: string }> {
  const file = join(import.meta.dirname, '..', '..', 'dist', 'plugin.json');
  const { id, includes } = JSON.parse(readFileSync(file, 'utf8')) as { id: string; includes: Include[] };
  return includes
    .filter(({ type, path }) => type === 'page' && path.startsWith(`/a/${id}/`))
    .map(({ name, path }) => ({ name, path: path.slice(`/a/${id}/`.length) }));
}

/** Id of a verdict of a guard-rail that the demonstration came to; waits until there is one. */
export async function verdictOf(visitor: Visitor, guardrail: string): Promise<string> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const { body } = await visitor.api(
      'GET',
      `/api/plugin-proxy/guardspan-guardrails-app/read/api/v1/verdicts?guardrail=${guardrail}&limit=1`,
    );
    const [first] = (body as { items?: Array<{ id: string }> }).items ?? [];
    if (first !== undefined) return first.id;
    await visitor.page.waitForTimeout(500);
  }
  throw new Error(`there is no verdict of ${guardrail} after a minute`);
}
