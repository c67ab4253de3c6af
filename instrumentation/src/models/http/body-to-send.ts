import { changeFailed, routeOf } from '../../actions/route.js';
import { editsOf } from '../../actions/text-edits.js';
import { editedCopy } from '../../actions/text-paths.js';
import type { GuardedCall, GuardRuntime, TargetDefinition } from '../../guard/types.js';
import { textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import type { Asked } from './asked.js';

/**
 * The body that the decision at the request leaves: that of the application, the very object, when nothing is to be changed.
 * `fixed`: the length of the request is told already.
 * @throws GuardrailDeniedError when the call must not be sent; it is recorded by then
 */
export function bodyToSend(asked: Asked, guarded: GuardedCall, runtime: GuardRuntime, fixed = false): Json {
  const usable = ({ params, client }: TargetDefinition): boolean =>
    !asked.request.addressed && client === undefined && params !== undefined;
  const route = routeOf(guarded.decision, runtime, usable);
  if (route.kind === 'refuse') {
    guarded.failed(route.error);
    throw route.error;
  }
  let { body } = asked;
  const edits = editsOf(guarded.decision);
  if (fixed && edits.length > 0) throw changeFailed(guarded);
  try {
    if (edits.length > 0) body = editedCopy(body, edits);
  } catch {
    throw changeFailed(guarded);
  }
  if (route.kind === 'target') {
    body = { ...body, ...route.target.params };
    const name = textOf(body['model']);
    guarded.rerouted(route.target.name, name === '' ? undefined : { name });
  }
  return body;
}
