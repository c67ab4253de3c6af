import { patchMethod } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import { guardedMethod } from '../promised/guarded-method.js';
import type { Method } from '../promised/guarded-method.js';
import { siteOf } from '../shared/capabilities.js';
import { endpoints } from './endpoints.js';
import type { Commands } from './endpoints.js';
import { bedrockErrors } from './errors.js';

/** `send(command, options?, callback?)`: with a callback the promise goes to it, as in the client itself. */
function withCallback(send: Method): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const callback = args.findLast((each) => typeof each === 'function') as
      ((error: unknown, result?: unknown) => void) | undefined;
    if (!callback) return send.apply(this, args);
    const sent = send.apply(
      this,
      args.filter((each) => typeof each !== 'function'),
    ) as Promise<unknown>;
    sent
      .then(
        (result) => callback(null, result),
        (error: unknown) => callback(error),
      )
      .catch(() => undefined);
    return undefined;
  };
}

/**
 * Patches the exports of an `@aws-sdk/client-bedrock-runtime` module of any version. `send` is inherited by the clients of all services; only this one gets its own. Returns null when there is
 * nothing to guard in it.
 */
export function patchBedrock(exports: unknown, version: string, host: PatchHost): Patch | null {
  const { BedrockRuntimeClient } = exports as { BedrockRuntimeClient?: { prototype?: unknown } };
  const prototype = BedrockRuntimeClient?.prototype as { send?: Method } | undefined;
  const inherited = prototype?.send;
  if (typeof inherited !== 'function') return null;
  const own = Object.hasOwn(prototype!, 'send');
  if (!own) Object.defineProperty(prototype, 'send', { value: inherited, writable: true, configurable: true });
  const errors = bedrockErrors(exports);
  const restore = patchMethod(prototype!, 'send', (original: Method) =>
    withCallback(
      endpoints(exports as Commands).reduce(
        (send, endpoint) => guardedMethod(endpoint, send, () => host.runtime(), errors),
        original,
      ),
    ),
  );
  if (restore) host.declare(siteOf('bedrock', version));
  return {
    undo: () => {
      restore?.();
      if (!own && prototype!.send === inherited) delete prototype!.send;
    },
  };
}
