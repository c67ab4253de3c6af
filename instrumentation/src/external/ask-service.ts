import { GuardspanError } from '@guardspan/policy/runtime';

/** Most bytes of an answer that are read. */
const MAX_ANSWER = 1 << 20;

/** Why a service gave no answer that can be used. Its message holds neither content nor an address. */
export class ServiceError extends GuardspanError {
  override readonly name = 'ServiceError';

  constructor(message: string, hint: string) {
    super('GUARDSPAN_SERVICE_ANSWER', message, hint);
  }
}

/**
 * Posts JSON to a service that judges texts, and reads its JSON answer, of at most a mebibyte. What is sent is for this address alone: a redirect is not followed.
 *
 * @param url An http or https address without a name or a password in it.
 * @throws ServiceError GUARDSPAN_SERVICE_ANSWER, or what `fetch` throws
 */
export async function askService(
  url: string,
  body: unknown,
  headers: { readonly [name: string]: string },
  signal: AbortSignal,
): Promise<unknown> {
  checkUrl(url);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  });
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel();
    throw new ServiceError(
      `it sends requests on to another address (${response.status})`,
      'give the address that answers itself',
    );
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new ServiceError(`it answered ${response.status}`, 'look into its log');
  }
  const text = await readText(response);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ServiceError('its answer is no JSON', 'check that the address is that of the service');
  }
}

function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ServiceError('its address is no http or https address', 'write it as http://127.0.0.1:5002');
  if (url.username !== '' || url.password !== '')
    throw new ServiceError('its address holds a name or a password', 'give them in `headers` or as `apiKey`');
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop early cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER)
      throw new ServiceError(`its answer is larger than ${MAX_ANSWER} bytes`, 'ask for less, or raise minScore');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
