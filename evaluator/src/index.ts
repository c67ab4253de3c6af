export { createEngine } from './engine/create-engine.js';
export type { EngineOptions } from './engine/engine-options.js';
