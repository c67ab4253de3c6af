/** Options of a `node:http` agent. `proxyEnv` is honoured by Node 24.5 and later, and ignored by older ones. */
export interface ProxyAgentOptions {
  proxyEnv?: NodeJS.ProcessEnv;
}

/** Lets an agent follow `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` when one of the first two is set. A custom CA comes by `NODE_EXTRA_CA_CERTS`. */
export function proxyAgentOptions(env: NodeJS.ProcessEnv): ProxyAgentOptions {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
  return names.some((name) => env[name]) ? { proxyEnv: env } : {};
}
