import { expect, it } from 'vitest';
import { asErrorOf, deniedError, GuardrailDeniedError } from '../../src/actions/errors.js';
import { bedrockErrors } from '../../src/models/bedrock/errors.js';
import { cohereErrors } from '../../src/models/cohere/errors.js';
import { googleErrors } from '../../src/models/google/errors.js';
import { mistralErrors } from '../../src/models/mistral/errors.js';
import { ollamaErrors } from '../../src/models/ollama/errors.js';
import { foundErrors } from '../../src/models/shared/client-errors.js';

const refusal = (): GuardrailDeniedError =>
  deniedError({
    ...{ kind: 'deny', guardrail: 'g', verdict: 'v', guidance: 'ask otherwise', message: 'Refused', fallback: '' },
    status: 403,
    retryAfter: 7,
  });

class OwnError extends Error {
  override name = 'OwnError';
  readonly status_code = 403;
  readonly guidance = 'of the client';
}

it('knows no errors of a module without them', () => {
  for (const errors of [bedrockErrors, googleErrors, cohereErrors])
    for (const module of [{}, { ApiError: () => 1, CohereError: {}, BedrockRuntimeServiceException: 'none' }])
      expect(errors(module)).toBeUndefined();
  expect(ollamaErrors(undefined)).toBeUndefined();
});

it('leaves a refusal ours alone where no class is found', async () => {
  class Mistral {
    models = { list: () => Promise.resolve([]) };
  }
  class Ollama {
    list = (): Promise<unknown> => Promise.reject(new Error('not of a class'));
  }
  for (const errors of [mistralErrors({ Mistral }), ollamaErrors(Ollama)!]) {
    await errors.ready!();
    const error = refusal();
    asErrorOf(errors, error);
    expect(Object.getPrototypeOf(error)).toBe(GuardrailDeniedError.prototype);
    expect(error.name).toBe('GuardrailDeniedError');
  }
});

it('looks for a class once, and takes fields and, where users go by it, the name', async () => {
  let searched = 0;
  const fail = (): Promise<never> => Promise.reject((searched++, new OwnError('none')));
  const errors = foundErrors(fail, (found) => new (found as new () => Error)());
  const early = refusal();
  asErrorOf(errors, early);
  expect(early).not.toBeInstanceOf(OwnError);
  await Promise.all([errors.ready!(), errors.ready!()]);
  const error = refusal();
  asErrorOf(errors, error);
  expect(error).toBeInstanceOf(OwnError);
  expect(error).toMatchObject({ name: 'GuardrailDeniedError', status_code: 403, guidance: 'ask otherwise' });
  const named = refusal();
  asErrorOf({ ...errors, named: true }, named);
  expect(named).toMatchObject({ name: 'OwnError', code: 'GUARDSPAN_DENIED', guidance: 'ask otherwise' });
  expect(searched).toBe(1);
  // Nothing of it is shown where applications list an error's own fields.
  expect(Object.keys(error)).toEqual(Object.keys(refusal()));
});
