import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter(), metricReaders: [], logRecordProcessors: [] });
sdk.start();
process.once('SIGTERM', () => sdk.shutdown().finally(() => process.exit(0)));
