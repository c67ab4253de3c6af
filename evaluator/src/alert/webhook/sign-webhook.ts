import { createHmac } from 'node:crypto';

/**
 * Headers that prove where a message comes from and when it left: those of Standard Webhooks 1.0 (standardwebhooks.com), for which there are libraries in
 * most languages. The signature is HMAC-SHA256 over `id.timestamp.body`; each secret gives one, so that secrets can be exchanged without a gap.
 *
 * @param secrets as in {@link readSecrets}, at least one
 * @param at seconds from epoch
 */
export function signWebhook(
  message: { id: string; body: string },
  secrets: readonly Buffer[],
  at: number,
): { [header: string]: string } {
  const timestamp = String(Math.floor(at));
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', secret).update(`${message.id}.${timestamp}.${message.body}`);
    return `v1,${hmac.digest('base64')}`;
  });
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** Secrets of a file, one in each line: `whsec_` and base64, of 24 to 64 bytes. @throws Error with a plain sentence that holds no secret */
export function readSecrets(text: string): Buffer[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) throw new Error('there is no secret in the file');
  return lines.map((line, index) => {
    const bytes = Buffer.from(line.replace(/^whsec_/, ''), 'base64');
    if (!line.startsWith('whsec_') || bytes.length < 24 || bytes.length > 64)
      throw new Error(`line ${index + 1} is no secret: write whsec_ and 24 to 64 bytes in base64`);
    return bytes;
  });
}
