import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readYaml, sayIssue } from '@guardspan/policy';
import { GuardspanError } from '@guardspan/policy/runtime';
import { z } from 'zod';
import type { Principal } from './types.js';

/** A configured token: who it is, and the sha256 of what it must be. */
export interface TokenRule {
  principal: Principal;
  digest: Buffer;
}

const tokenSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    role: z.enum(['viewer', 'editor', 'approver', 'admin', 'agent']),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/)
      .optional(),
    value_env: z.string().min(1).optional(),
    services: z.array(z.string().min(1)).default([]),
    models: z.array(z.string().min(1)).default([]),
    on_behalf: z.literal('grafana').optional(),
  })
  .refine((token) => (token.sha256 === undefined) !== (token.value_env === undefined), {
    message: 'give exactly one of sha256 and value_env',
  })
  .refine((token) => token.on_behalf === undefined || token.role !== 'agent', {
    message: 'a token that speaks for users of Grafana has a role of people, not agent',
  });
const fileSchema = z.strictObject({ tokens: z.array(tokenSchema).min(1).max(10_000) });

/**
 * Reads the token file (YAML or JSON). Several tokens may share a name, so that an old and a new one are valid at once.
 * Throws GuardspanError GUARDSPAN_TOKENS; no message ever holds a token.
 */
export function parseTokenFile(text: string, file: string, env: NodeJS.ProcessEnv): TokenRule[] {
  const read = readYaml(text);
  // What is wrong would be said with a piece of the file: only the place is.
  if ('problem' in read)
    throw tokensError(`${file}:${read.problem.line}:${read.problem.column} is neither YAML nor JSON.`);
  const { value } = read;
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw tokensError(`${file}: ${issue.path.join('.') || 'file'}: ${sayIssue(issue)}.`);
  }
  return parsed.data.tokens.map((token) => {
    const { name, role, services, models, on_behalf } = token;
    const principal = { name, role, services, models, ...(on_behalf === undefined ? {} : { onBehalf: on_behalf }) };
    return { principal, digest: digestOf(token, env, file) };
  });
}

/** The text of the token file. Throws GuardspanError GUARDSPAN_TOKENS when it cannot be read. */
export function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'for an unknown reason' } = error as NodeJS.ErrnoException;
    throw tokensError(
      code === 'ENOENT'
        ? `${file}: there is no such file.`
        : code === 'EISDIR'
          ? `${file} is a directory.`
          : `${file} cannot be read (${code}).`,
    );
  }
}

/** sha256 of a token, the form in which it is configured and compared. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function digestOf(token: z.infer<typeof tokenSchema>, env: NodeJS.ProcessEnv, file: string): Buffer {
  if (token.sha256 !== undefined) return Buffer.from(token.sha256, 'hex');
  const value = env[token.value_env!];
  if (value === undefined || value.length < 16) {
    throw tokensError(
      `${file}: the variable ${token.value_env} of token ${token.name} is not set or shorter than 16 characters.`,
    );
  }
  return tokenDigest(value);
}

function tokensError(message: string): GuardspanError {
  return new GuardspanError(
    'GUARDSPAN_TOKENS',
    message,
    'The file is `tokens: [{name, role, sha256 or value_env, services, models, on_behalf}]`.',
  );
}
