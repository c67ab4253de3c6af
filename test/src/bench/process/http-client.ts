import { Agent, request } from 'node:http';

/** Answer of a request; `body` is text. */
export interface HttpAnswer {
  status: number;
  body: string;
}

/** HTTP over connections that stay open, as exporters use it. */
export class HttpClient {
  readonly #agent: Agent;

  constructor(maxSockets = 256) {
    this.#agent = new Agent({ keepAlive: true, maxSockets });
  }

  /** Rejects when the connection breaks. */
  send(method: string, url: string, body?: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const all: Record<string, string> = { 'content-type': 'application/json', ...headers };
      if (body !== undefined) all['content-length'] = String(Buffer.byteLength(body));
      const outgoing = request(url, { method, agent: this.#agent, headers: all, timeout: 30_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer of ${url} within 30 s`)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Reads JSON. Rejects for any status but 200. */
  async get<T>(url: string): Promise<T> {
    const { status, body } = await this.send('GET', url);
    if (status !== 200) throw new Error(`${url} answered ${status}: ${body.slice(0, 300)}`);
    return JSON.parse(body) as T;
  }

  close(): void {
    this.#agent.destroy();
  }
}
