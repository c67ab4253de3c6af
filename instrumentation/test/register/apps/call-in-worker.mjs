import { Worker } from 'node:worker_threads';

new Worker(new URL('./call-openai.mjs', import.meta.url));
