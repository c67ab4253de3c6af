import { AppEvents } from '@grafana/data';
import { config, type BackendSrv, type BackendSrvRequest, type FetchError, type FetchResponse } from '@grafana/runtime';
import { Observable, lastValueFrom } from 'rxjs';
import { appEvents } from './app-events';

/** Requests as Grafana's backend service makes them: sub-path, query, JSON, errors as objects with `status` and `data`. */
class HostBackend implements BackendSrv {
  fetch<T>(options: BackendSrvRequest): Observable<FetchResponse<T>> {
    return new Observable((subscriber) => {
      const controller = abortable(options.abortSignal);
      void (async () => {
        try {
          const response = await fetch(urlOf(options), initOf(options, controller.signal));
          const data = (await read(response, options.responseType)) as T;
          const result = describe(response, options, data);
          if (!response.ok) throw failure(options, response.status, response.statusText, data);
          if (options.showSuccessAlert === true) {
            appEvents.publish({ type: AppEvents.alertSuccess.name, payload: [messageOf(data)] });
          }
          subscriber.next(result);
          subscriber.complete();
        } catch (error) {
          subscriber.error(this.#told(options, toFetchError(options, error, controller.signal.aborted)));
        }
      })();
      return () => controller.abort();
    });
  }

  chunked(options: BackendSrvRequest): Observable<FetchResponse<Uint8Array | undefined>> {
    return new Observable((subscriber) => {
      const controller = abortable(options.abortSignal);
      void (async () => {
        try {
          const response = await fetch(urlOf(options), initOf(options, controller.signal));
          const reader = response.body?.getReader();
          for (;;) {
            const chunk = await reader?.read();
            subscriber.next(describe(response, options, chunk?.value));
            if (chunk === undefined || chunk.done) break;
          }
          subscriber.complete();
        } catch (error) {
          if (!controller.signal.aborted) subscriber.error(error);
        }
      })();
      return () => controller.abort();
    });
  }

  get<T>(url: string, params?: unknown, requestId?: string, options: Partial<BackendSrvRequest> = {}): Promise<T> {
    return this.request({
      ...options,
      method: 'GET',
      url,
      params: params as BackendSrvRequest['params'],
      ...(requestId === undefined ? {} : { requestId }),
    });
  }
  delete<T>(url: string, data?: unknown, options: Partial<BackendSrvRequest> = {}): Promise<T> {
    return this.request({ ...options, method: 'DELETE', url, data });
  }
  post<T>(url: string, data?: unknown, options: Partial<BackendSrvRequest> = {}): Promise<T> {
    return this.request({ ...options, method: 'POST', url, data });
  }
  patch<T>(url: string, data?: unknown, options: Partial<BackendSrvRequest> = {}): Promise<T> {
    return this.request({ ...options, method: 'PATCH', url, data });
  }
  put<T>(url: string, data?: unknown, options: Partial<BackendSrvRequest> = {}): Promise<T> {
    return this.request({ ...options, method: 'PUT', url, data });
  }
  async request<T>(options: BackendSrvRequest): Promise<T> {
    return (await lastValueFrom(this.fetch<T>(options))).data;
  }
  datasourceRequest<T>(options: BackendSrvRequest): Promise<FetchResponse<T>> {
    return lastValueFrom(this.fetch<T>(options));
  }

  /** Grafana shows what failed, unless the caller says that it does so itself. */
  #told(options: BackendSrvRequest, error: FetchError): FetchError {
    if (options.showErrorAlert !== false && error.cancelled !== true) {
      appEvents.publish({ type: AppEvents.alertError.name, payload: [messageOf(error.data) || 'Request failed'] });
    }
    return error;
  }
}

/** The only one. */
export const backendService: BackendSrv = new HostBackend();

function urlOf({ url, params = {} }: BackendSrvRequest): string {
  const absolute = /^https?:\/\//.test(url);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null) continue;
    for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
  }
  const path = absolute ? url : `${config.appSubUrl}/${url.replace(/^\//, '')}`;
  const search = query.toString();
  return search === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${search}`;
}

function initOf({ method = 'GET', data, headers = {} }: BackendSrvRequest, signal: AbortSignal): RequestInit {
  const all = new Headers({ Accept: 'application/json, text/plain, */*', ...headers });
  all.set('X-Grafana-Org-Id', '1');
  let body: BodyInit | undefined;
  if (data !== undefined && data !== null && method !== 'GET') {
    const plain = typeof data !== 'object' || data instanceof Blob || data instanceof FormData;
    body = plain ? (data as BodyInit) : JSON.stringify(data);
    if (!plain && !all.has('Content-Type')) all.set('Content-Type', 'application/json');
  }
  return { method, headers: all, body: body ?? null, signal, credentials: 'same-origin' };
}

async function read(response: Response, type: BackendSrvRequest['responseType']): Promise<unknown> {
  if (type === 'arraybuffer') return response.arrayBuffer();
  if (type === 'blob') return response.blob();
  const text = await response.text();
  if (type === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function describe<T>(response: Response, options: BackendSrvRequest, data: T): FetchResponse<T> {
  const { status, statusText, ok, headers, url, type, redirected } = response;
  return { data, status, statusText, ok, headers, url, type, redirected, config: options };
}

function failure(options: BackendSrvRequest, status: number, statusText: string, body: unknown): FetchError {
  const data =
    typeof body === 'object' && body !== null
      ? body
      : { message: typeof body === 'string' && body !== '' ? body : statusText };
  return { status, statusText, data, config: options };
}

function toFetchError(options: BackendSrvRequest, error: unknown, aborted: boolean): FetchError {
  if (aborted) {
    return { cancelled: true, status: -1, statusText: 'Request was aborted', data: null, config: options };
  }
  if (typeof error === 'object' && error !== null && 'status' in error) return error as FetchError;
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, statusText: message, data: { message, error: message }, config: options };
}

function abortable(signal: AbortSignal | undefined): AbortController {
  const controller = new AbortController();
  signal?.addEventListener('abort', () => controller.abort());
  return controller;
}

function messageOf(data: unknown): string {
  const message = (data as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : '';
}
