// Prints which packages of OpenTelemetry are loaded before the first call of a model, and after it.
import Module from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardModel } from '@guardspan/instrumentation';

const loaded = () =>
  [
    ...new Set(Object.keys(Module._cache).map((file) => /node_modules\/(@opentelemetry\/[^/]+)/.exec(file)?.[1])),
  ].filter((name) => name !== undefined && name !== '@opentelemetry/api');
await sleep(200);
const before = loaded();
guardModel((x) => x, { name: 'm' })(1);
await sleep(1500);
console.log(JSON.stringify({ before, after: loaded() }));
