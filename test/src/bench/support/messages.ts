import type { OtlpBatch } from './otlp-batch.js';
import type { Program } from './processes.js';

/** Service whose processes the benchmark plays. */
export const SERVICE = 'bench';

/** Posts a feed request. @throws Error when it is not taken */
export async function post(url: string, batch: OtlpBatch): Promise<void> {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(batch.body),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** The first message of a helper that fits. @throws Error after 30 s */
export function message<T>(program: Program, fits: (value: unknown) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      program.child.off('message', listen);
      reject(new Error('nothing was enforced within 30 s'));
    }, 30_000);
    const listen = (value: unknown): void => {
      if (!fits(value)) return;
      clearTimeout(timer);
      program.child.off('message', listen);
      resolve(value as T);
    };
    program.child.on('message', listen);
  });
}
