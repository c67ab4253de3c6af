import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type https from 'node:https';

/** What the standard variables of OpenTelemetry say of exports over OTLP/HTTP. */
export interface OtlpSettings {
  headers: { [name: string]: string };
  compress: boolean;
  tls: Pick<https.AgentOptions, 'ca' | 'cert' | 'key'>;
  /** What could not be read, for a person. */
  problems: string[];
}

/** The variable for traces, else the one for all signals, with its value; the value is empty when neither is set. */
function setting(env: NodeJS.ProcessEnv, name: string): { variable: string; value: string } {
  const forTraces = `OTEL_EXPORTER_OTLP_TRACES_${name}`;
  const variable = (env[forTraces] ?? '').trim() === '' ? `OTEL_EXPORTER_OTLP_${name}` : forTraces;
  return { variable, value: (env[variable] ?? '').trim() };
}

/** `a=1,b=2`, percent-encoded, as W3C Baggage writes lists. What is no pair is left out. */
function pairs(text: string): { [name: string]: string } {
  const headers: { [name: string]: string } = {};
  for (const item of text.split(',')) {
    const [pair = ''] = item.split(';');
    const at = pair.indexOf('=');
    if (at < 1) continue;
    try {
      headers[decodeURIComponent(pair.slice(0, at).trim()).toLowerCase()] = decodeURIComponent(
        pair.slice(at + 1).trim(),
      );
    } catch {
      // Half of an escape is no header.
    }
  }
  return headers;
}

/**
 * Reads `OTEL_EXPORTER_OTLP_HEADERS`, `_COMPRESSION`, `_CERTIFICATE`, `_CLIENT_CERTIFICATE` and `_CLIENT_KEY`, and their forms with `_TRACES` (OpenTelemetry specification, "OpenTelemetry
 * Protocol Exporter"). Never throws: a file that cannot be read is a problem, and is left out.
 *
 * @param folder Relative names of files start here.
 */
export function otlpSettings(env: NodeJS.ProcessEnv, folder: string): OtlpSettings {
  const problems: string[] = [];
  const tls: OtlpSettings['tls'] = {};
  const files = { ca: 'CERTIFICATE', cert: 'CLIENT_CERTIFICATE', key: 'CLIENT_KEY' } as const;
  for (const [option, name] of Object.entries(files) as [keyof typeof files, string][]) {
    const { variable, value } = setting(env, name);
    if (value === '') continue;
    try {
      tls[option] = readFileSync(resolve(folder, value));
    } catch (error) {
      problems.push(`${variable} cannot be read: ${(error as Error).message}`);
    }
  }
  const all = pairs(env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '');
  const headers = { ...all, ...pairs(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? '') };
  return { headers, compress: setting(env, 'COMPRESSION').value === 'gzip', tls, problems };
}
