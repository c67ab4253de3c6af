import type { ClientErrors } from '../../actions/errors.js';
import { foundErrors } from '../shared/client-errors.js';

type OllamaClass = new (options: object) => { list?: () => Promise<unknown> };
type ResponseErrorClass = new (error: string, status: number) => Error;

/** `ResponseError`, with `status_code` and `error`. Its users go by the name, because the module does not export it. */
export function ollamaErrors(Ollama: unknown): ClientErrors | undefined {
  if (typeof Ollama !== 'function') return undefined;
  const fetch = (): Promise<Response> => Promise.resolve(Response.json({ error: 'none' }, { status: 403 }));
  const errors = foundErrors(
    async () => new (Ollama as OllamaClass)({ host: 'http://localhost', fetch }).list?.(),
    (found, status, message) => new (found as ResponseErrorClass)(message, status),
  );
  return { ...errors, named: true };
}
