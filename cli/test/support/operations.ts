import { readFileSync } from 'node:fs';

const api = JSON.parse(readFileSync(new URL('../../../evaluator/openapi/openapi.json', import.meta.url), 'utf8')) as {
  paths: { [path: string]: { [method: string]: unknown } };
};

const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => ({
    method: method.toUpperCase(),
    path: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  })),
);

/** Whether the API of the evaluator, as it is documented, has such an operation: a fake server must not serve others. */
export function isOperation(method: string, url: string): boolean {
  const [path = ''] = url.split('?');
  return operations.some((one) => one.method === method && one.path.test(path));
}
