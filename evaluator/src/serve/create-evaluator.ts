import { randomBytes } from 'node:crypto';
import { METRIC } from '@guardspan/policy';
import { pino } from 'pino';
import { createAuthenticator } from '../auth/create-authenticator.js';
import { CHANNEL_PATH } from '../channel/channel-server.js';
import { splitAddress } from '../config/load-config.js';
import type { EvaluatorConfig } from '../config/reference.js';
import { createOtlpHttpHandler } from '../ingest/http/create-otlp-http-handler.js';
import { startOtlpGrpc } from '../ingest/grpc/start-otlp-grpc.js';
import { createMemoryStore } from '../store/memory-store.js';
import { openSqliteStore } from '../store/open-sqlite-store.js';
import { assemble } from './assemble.js';
import type { Assembly } from './assemble.js';
import { GuardrailDirectory } from './guardrail-directory.js';
import type { DirectoryProblem } from './guardrail-directory.js';
import { startHttpServer } from './http-server.js';
import { systemRoutes } from './system-routes.js';

/** A running evaluator. */
export interface Evaluator {
  /** Base URL of the HTTP port: OTLP/HTTP, API, websocket, metrics. */
  readonly url: string;
  /** `host:port` of OTLP/gRPC; empty when it is off. */
  readonly grpcUrl: string;
  /** Reads the directory of guard-rails again (as SIGHUP does) and returns what is not in force, with the reasons. */
  reload(): Promise<readonly DirectoryProblem[]>;
  /** Stops taking requests, makes a last commit, closes the channel with 1012. Rejects when the last commit fails. */
  close(): Promise<void>;
}

/** Alerts that cannot be delivered do not make an evaluator unready: it still decides, and a restart would mend nothing. No address, no reason: nobody needs a token here. */
function readyDetails({ alerts }: Assembly): { alertmanagers: { healthy: number; failing: number; waiting: number } } {
  const instances = alerts.instances();
  const failing = instances.filter(({ failingSince }) => failingSince > 0).length;
  const waiting = Math.max(0, ...instances.map((instance) => instance.waiting));
  return { alertmanagers: { healthy: instances.length - failing, failing, waiting } };
}

/** How often time is moved, ms. */
const TICK_MS = 100;

/**
 * Starts an evaluator: opens the store, restores what an earlier start left, and listens.
 *
 * @param config See docs/configuration.md; durations in seconds.
 * @throws GuardspanError for a store that cannot be opened or tokens that cannot be read; the error of `listen` for a taken port
 */
export async function createEvaluator(config: EvaluatorConfig): Promise<Evaluator> {
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const now = (): number => Date.now() / 1000;
  const auth = createAuthenticator({
    file: config.singleUser ? '' : config.tokensFile,
    env: process.env,
    clock: now,
    onProblem: (message) => log.error({ message }, 'tokens file; the tokens before stay valid'),
  });
  const store =
    config.store === 'memory'
      ? createMemoryStore()
      : await openSqliteStore({
          directory: config.dataDir,
          retention: {
            audit: config.auditRetention,
            auditRecords: config.auditMaxRecords,
            legalHold: config.legalHold,
          },
        });
  const closers: (() => Promise<unknown> | void)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => {
    let failure: { error: unknown } | undefined;
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  };
  try {
    const assembly = await assemble(config, {
      store,
      auth,
      log,
      now,
      newId: () => randomBytes(16).toString('hex'),
    });
    closers.push(() => assembly.close());
    const { metrics, channel } = assembly;
    const directory =
      config.guardrails === ''
        ? undefined
        : new GuardrailDirectory(config.guardrails, assembly.documents, (problems) => {
            for (const problem of problems) log.error(problem, 'guard-rail not in force; what was before stays');
          });
    await directory?.reload();

    const receiver = {
      sink: assembly.sink,
      authenticate: auth.authenticate.bind(auth),
      maxBytes: config.maxBody,
      now,
      onSpans: (source: string, count: number) => metrics.add(METRIC.INGEST_SPANS, { source }, count),
      onRejected: (reason: string, count: number) => metrics.add(METRIC.INGEST_REJECTED, { reason }, count),
      onAnswered: (seconds: number) => metrics.observe(METRIC.ACK_SECONDS, seconds),
    };
    const { host, port } = splitAddress(config.listen, 'listen');
    const { server, url } = await startHttpServer({
      host,
      port,
      handlers: [
        createOtlpHttpHandler(receiver),
        assembly.api,
        systemRoutes({
          scrape: async () => {
            await assembly.refresh();
            return metrics.scrape();
          },
          notReady: () => store.status().reason,
          details: () => readyDetails(assembly),
        }),
      ],
      onUpgrade: (request, socket, head) => {
        if ((request.url ?? '').split('?', 1)[0] === CHANNEL_PATH) channel.handleUpgrade(request, socket, head);
        else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      },
      onError: (error) => log.error({ err: error }, 'http'),
    });
    closers.push(
      () =>
        new Promise<void>((resolve) => {
          // Requests under way get a second to be committed and answered. Sockets of the channel keep the server from closing: they are
          // closed afterwards, with their own code, so nothing here waits for them longer than that.
          const cut = setTimeout(() => {
            server.closeAllConnections();
            resolve();
          }, 1000);
          server.close(() => {
            clearTimeout(cut);
            resolve();
          });
          server.closeIdleConnections();
        }),
    );

    const grpc =
      config.grpcListen === ''
        ? undefined
        : await startOtlpGrpc({ ...receiver, address: splitAddress(config.grpcListen, 'grpcListen') });
    if (grpc !== undefined) closers.push(() => grpc.close(1));

    const timer = setInterval(() => assembly.tick(), TICK_MS);
    const hangup = (): void => void directory?.reload();
    process.on('SIGHUP', hangup);
    directory?.watch();
    closers.push(() => {
      clearInterval(timer);
      process.off('SIGHUP', hangup);
      directory?.close();
    });
    log.info({ url }, 'evaluator listens');
    return {
      url,
      grpcUrl: grpc?.address ?? '',
      reload: async () => (await directory?.reload()) ?? [],
      close: closeAll,
    };
  } catch (error) {
    await closeAll().catch(() => undefined);
    throw error;
  }
}
