// Writes openapi/openapi.json and docs/api.md from the built API. Run after `tsc -b evaluator`.
import { writeFileSync } from 'node:fs';
import { createOpenApiDocument } from '../dist/http/openapi.js';
import { apiMarkdown } from '../dist/http/api-markdown.js';

const at = (path) => new URL(path, import.meta.url);
writeFileSync(at('../openapi/openapi.json'), `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`);
writeFileSync(at('../../docs/api.md'), apiMarkdown());
