import http from 'node:http';
import type { ClientRequest } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { patchMethod } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import type { HttpModels } from './declared-servers.js';
import { guardRequest } from './guarded-request.js';

type Request = (...args: unknown[]) => ClientRequest;

/** Patches `request` of `node:http` and `node:https` for calls of declared servers of models. Returns null when nothing is declared. */
export function patchNodeHttp(declared: readonly HttpModels[], host: PatchHost): Patch | null {
  if (declared.length === 0) return null;
  const wrap = (original: Request): Request =>
    function request(this: unknown, ...args) {
      const made = original.apply(this, args);
      guardRequest(made, declared, () => host.runtime());
      return made;
    };
  const undos = [http, https].map((module) => patchMethod(module, 'request', wrap)).filter((undo) => undo !== null);
  if (undos.length === 0) return null;
  syncBuiltinESMExports();
  return {
    undo: () => {
      for (const undo of undos) undo();
      syncBuiltinESMExports();
    },
  };
}
