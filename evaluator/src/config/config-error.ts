import { GuardspanError } from '@guardspan/policy';

/** A setting is wrong. The message names the setting and where it came from. Code GUARDSPAN_CONFIG. */
export class ConfigError extends GuardspanError {
  override readonly name = 'ConfigError';

  constructor(message: string, hint: string) {
    super('GUARDSPAN_CONFIG', message, hint);
  }
}
