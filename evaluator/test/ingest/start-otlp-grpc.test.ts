import { Client, compressionAlgorithms, credentials, Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { ATTR, RESOURCE } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import protobuf from 'protobufjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuthResult, Principal } from '../../src/auth/types.js';
import { startOtlpGrpc } from '../../src/ingest/grpc/start-otlp-grpc.js';
import type { OtlpGrpc, OtlpGrpcOptions } from '../../src/ingest/grpc/start-otlp-grpc.js';
import { writeBytes } from '../../src/ingest/wire/write-protobuf.js';

const text = (field: number, key: string, value: string): Buffer =>
  writeBytes(field, Buffer.concat([writeBytes(1, key), writeBytes(2, writeBytes(1, value))]));

/** A request of feed records, one for each service. */
function request(...services: string[]): Buffer {
  return Buffer.concat(
    services.map((service) => {
      const resource = Buffer.concat([text(1, RESOURCE.SERVICE_NAME, service), text(1, RESOURCE.FEED, '1')]);
      const span = writeBytes(2, text(9, ATTR.MODEL_NAME, 'gpt-4o-mini'));
      return writeBytes(1, Buffer.concat([writeBytes(1, resource), writeBytes(2, span)]));
    }),
  );
}

const details = protobuf.Root.fromJSON({
  nested: {
    Response: { fields: { partialSuccess: { type: 'Partial', id: 1 } } },
    Partial: { fields: { rejectedSpans: { type: 'int64', id: 1 }, errorMessage: { type: 'string', id: 2 } } },
    Status: {
      fields: {
        code: { type: 'int32', id: 1 },
        message: { type: 'string', id: 2 },
        details: { type: 'Any', id: 3, rule: 'repeated' },
      },
    },
    Any: { fields: { type_url: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
    RetryInfo: { fields: { retryDelay: { type: 'Duration', id: 1 } } },
    Duration: { fields: { seconds: { type: 'int64', id: 1 } } },
  },
});
const decode = (type: string, bytes: Uint8Array): Record<string, unknown> =>
  details.lookupType(type).toObject(details.lookupType(type).decode(bytes), { longs: Number });

/** Seconds of the RetryInfo of an error; undefined when it has none. */
function retryDelay(error: ServiceError): number | undefined {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (bytes === undefined) return undefined;
  const { code, details: list } = decode('Status', bytes as Buffer);
  expect(code).toBe(error.code);
  const [any] = list as { type_url: string; value: Uint8Array }[];
  expect(any!.type_url).toBe('type.googleapis.com/google.rpc.RetryInfo');
  return (decode('RetryInfo', any!.value)['retryDelay'] as { seconds: number }).seconds;
}

const AGENT: Principal = { name: 'agent', role: 'agent', services: [], models: [] };
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Rig {
  receiver: OtlpGrpc;
  calls: RecordedCall[];
  told: string[];
  send(body: Buffer, metadata?: Record<string, string>): Promise<Buffer | ServiceError>;
}

async function start(options: Partial<OtlpGrpcOptions> & { auth?: AuthResult; gzip?: boolean } = {}): Promise<Rig> {
  const { auth = { ok: true, principal: AGENT }, gzip = false, ...more } = options;
  const calls: RecordedCall[] = [];
  const told: string[] = [];
  const receiver = await startOtlpGrpc({
    address: { host: '127.0.0.1', port: 0 },
    sink: { accept: (accepted) => void calls.push(...accepted), durable: () => Promise.resolve() },
    authenticate: (authorization, remote) => {
      told.push(`auth ${authorization ?? 'none'} from ${remote}`);
      return auth;
    },
    maxBytes: 16 * 1024 * 1024,
    now: () => 1767225600,
    onSpans: (source, count) => told.push(`${count} ${source}`),
    onRejected: (reason, count) => told.push(`rejected ${count} ${reason}`),
    ...more,
  });
  open.push(() => receiver.close());
  const client = new Client(receiver.address, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': gzip ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
    'grpc.max_send_message_length': -1,
  });
  open.push(() => Promise.resolve(client.close()));
  const send: Rig['send'] = (body, headers = {}) =>
    new Promise((resolve) => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      client.makeUnaryRequest(
        '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        body,
        metadata,
        (error, answer) => resolve(error ?? answer!),
      );
    });
  return { receiver, calls, told, send };
}

describe('OTLP/gRPC', () => {
  it('accepts spans and answers with an empty response', async () => {
    const { calls, told, send } = await start();
    const answer = await send(request('shop'), { authorization: 'Bearer secret' });
    expect(answer).toEqual(Buffer.alloc(0));
    expect(calls.map(({ call }) => [call.service, call.model.name])).toEqual([['shop', 'gpt-4o-mini']]);
    expect(told).toEqual(['auth Bearer secret from 127.0.0.1', '1 feed']);
  });

  it('takes gzip', async () => {
    const { calls, send } = await start({ gzip: true });
    expect(await send(request(...Array.from({ length: 200 }, () => 'shop')))).toEqual(Buffer.alloc(0));
    expect(calls).toHaveLength(200);
  });

  it('answers only when the calls are durable', async () => {
    let commit = (): void => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    let asked = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (asked = resolve));
    const { send } = await start({
      sink: {
        accept: () => undefined,
        durable: () => {
          asked();
          return committed;
        },
      },
    });
    let answered = false;
    const sent = send(request('shop')).then((answer) => {
      answered = true;
      return answer;
    });
    await waiting;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    commit();
    expect(await sent).toEqual(Buffer.alloc(0));
  });

  it('asks to repeat what could not be made durable', async () => {
    const { told, send } = await start({
      sink: { accept: () => undefined, durable: () => Promise.reject(new Error('disk full')) },
    });
    const error = (await send(request('shop'))) as ServiceError;
    expect(error.code).toBe(status.UNAVAILABLE);
    expect(error.details).not.toContain('disk full');
    expect(retryDelay(error)).toBe(1);
    expect(told).toContain('rejected 1 unavailable');
  });

  it('refuses malformed bytes for good, and goes on', async () => {
    const { calls, told, send } = await start();
    const error = (await send(request('shop').subarray(0, 20))) as ServiceError;
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toMatch(/^GUARDSPAN_OTLP_TRUNCATED: .* at byte \d+/);
    expect(retryDelay(error)).toBeUndefined();
    expect(told).toContain('rejected 1 malformed');
    expect(calls).toEqual([]);
    expect(await send(request('shop'))).toEqual(Buffer.alloc(0));
  });

  it('refuses requests that are too large, as they are and inflated', async () => {
    for (const gzip of [false, true]) {
      const { calls, send } = await start({ maxBytes: 10_000, gzip });
      const error = (await send(request(...Array.from({ length: 500 }, () => 'shop')))) as ServiceError;
      expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
      expect(retryDelay(error)).toBeUndefined();
      expect(calls).toEqual([]);
      expect(await send(request('shop'))).toEqual(Buffer.alloc(0));
    }
  });

  it('refuses tokens', async () => {
    const cases: [AuthResult, number, number | undefined][] = [
      [{ ok: false, reason: 'missing', retryAfter: 0 }, status.UNAUTHENTICATED, undefined],
      [{ ok: false, reason: 'unknown', retryAfter: 0 }, status.UNAUTHENTICATED, undefined],
      [{ ok: false, reason: 'throttled', retryAfter: 2.5 }, status.RESOURCE_EXHAUSTED, 3],
      [{ ok: true, principal: { ...AGENT, role: 'viewer' } }, status.PERMISSION_DENIED, undefined],
    ];
    for (const [auth, code, delay] of cases) {
      const { calls, send } = await start({ auth });
      const error = (await send(request('shop'), { authorization: 'Bearer secret' })) as ServiceError;
      expect(error.code).toBe(code);
      expect(error.details).not.toContain('secret');
      expect(retryDelay(error)).toBe(delay);
      expect(calls).toEqual([]);
    }
  });

  it('rejects the spans of services that the token may not speak for, and says how many', async () => {
    const { calls, told, send } = await start({ auth: { ok: true, principal: { ...AGENT, services: ['shop'] } } });
    const answer = (await send(request('shop', 'bank', 'bank'))) as Buffer;
    const { rejectedSpans, errorMessage } = decode('Response', answer)['partialSuccess'] as Record<string, unknown>;
    expect(rejectedSpans).toBe(2);
    expect(errorMessage).toMatch(/may not speak/);
    expect(calls.map(({ call }) => call.service)).toEqual(['shop']);
    expect(told).toContain('rejected 2 forbidden');
  });

  it('says why it cannot listen', async () => {
    const { receiver } = await start();
    const port = Number(receiver.address.split(':')[1]);
    await expect(start({ address: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      code: 'GUARDSPAN_GRPC_LISTEN',
    });
  });
});
