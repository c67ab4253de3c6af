import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import type { z } from 'zod';
import { PLUGIN_ID } from '../constants';
import { ApiFailure, toFailure } from './failure';

/** Which route of the app's proxy a request takes: Grafana asks for the permission of that name, the evaluator for its role. */
export type Access = 'read' | 'write' | 'approve';

export interface ApiRequest<S extends z.ZodType> {
  access: Access;
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below `/api/v1/`, with encoded parts. */
  path: string;
  query?: { [name: string]: string | number | boolean | undefined };
  /** A JSON value, or the text of a document. */
  body?: unknown;
  headers?: { [name: string]: string };
  signal?: AbortSignal;
  schema: S;
}

/** Path of an operation through Grafana's proxy, below the host; Grafana adds a sub-path itself. */
export function proxyPath(access: Access, path: string): string {
  return `/api/plugin-proxy/${PLUGIN_ID}/${access}/api/v1/${path}`;
}

/** Asks the evaluator through Grafana's proxy. Rejects with {@link ApiFailure}, or as Grafana does when the signal aborts it. */
export async function request<S extends z.ZodType>(options: ApiRequest<S>): Promise<z.infer<S>> {
  const { access, method, path, query, body, headers, signal, schema } = options;
  let data: unknown;
  try {
    const response = await lastValueFrom(
      getBackendSrv().fetch<unknown>({
        url: proxyPath(access, path),
        method,
        params: query,
        data: body,
        headers: { ...(typeof body === 'string' ? { 'Content-Type': 'application/yaml' } : {}), ...headers },
        abortSignal: signal,
        showErrorAlert: false,
        showSuccessAlert: false,
      }),
    );
    data = response.data;
  } catch (error) {
    throw toFailure(error);
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ApiFailure('unreadable', `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, 200);
  }
  return parsed.data;
}
