import { preload } from './sdk/preload.js';

preload(process.env);
