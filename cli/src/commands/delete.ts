import type { DocumentVersion } from '@guardspan/evaluator';
import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';

/** `guardspan delete guardrails NAME...`: takes guard-rails out of force; their history stays in the audit. */
export async function remove(names: readonly string[], options: ServerOptions, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  for (const name of names) {
    const path = `/api/v1/guardrails/${encodeURIComponent(name)}`;
    const { etag, body } = await client.request('GET', path);
    const { managedBy } = (body as Pick<DocumentVersion, 'guardrail'>).guardrail.metadata;
    await client.request('DELETE', `${path}?origin=${managedBy}`, { headers: { 'if-match': etag } });
    io.out(`guardrail/${name} deleted\n`);
  }
  return EXIT.OK;
}
