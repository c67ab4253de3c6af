// Starts its own SDK after the preload, as most applications do, with our instrumentation besides the preload.
import { GuardspanInstrumentation } from '@guardspan/instrumentation';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({
  serviceName: 'own-sdk',
  traceExporter: new OTLPTraceExporter(),
  metricReaders: [],
  logRecordProcessors: [],
  instrumentations: [new GuardspanInstrumentation()],
});
sdk.start();
await import('./call-openai.mjs');
await sdk.shutdown();
