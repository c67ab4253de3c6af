import { CLIENT_MODULES } from './clients.js';

/** What Turbopack appends to the name of a package that it leaves out of a bundle: Next.js 16 loads `openai` as `openai-f0ed28f090f94724`, a link to it. */
const TURBOPACK_HASH = /-[0-9a-f]{16}$/;

/** The client that code means by a specifier of `import`; undefined when it is none that we know. */
export function clientOf(specifier: string | undefined): string | undefined {
  if (specifier === undefined) return undefined;
  if (CLIENT_MODULES.includes(specifier)) return specifier;
  const name = specifier.replace(TURBOPACK_HASH, '');
  return name !== specifier && CLIENT_MODULES.includes(name) ? name : undefined;
}
