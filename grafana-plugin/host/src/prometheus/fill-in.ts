import type { ScopedVars } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { sceneGraph, type SceneObject } from '@grafana/scenes';

type Variable = { multi?: boolean; includeAll?: boolean };

/** What has a meaning in a regular expression inside of quotes. */
const escaped = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\\\$&').replace(/"/g, '\\"');

/** PromQL with its variables filled in: a single choice as it is, several as alternatives of a regular expression. */
export function fillIn(text: string, scoped: ScopedVars): string {
  const format = (given: unknown, { multi, includeAll }: Variable): string => {
    if (Array.isArray(given)) {
      const all = given.map((value) => escaped(String(value)));
      return all.length === 1 ? all[0]! : `(${all.join('|')})`;
    }
    const value = String(given);
    return multi === true || includeAll === true ? escaped(value) : value.replace(/[\\"]/g, '\\$&');
  };
  // What draws with Scenes says in which scene it stands; the values of its variables are there.
  const scene = (scoped.__sceneObject?.value as { valueOf(): SceneObject } | undefined)?.valueOf();
  if (scene !== undefined) return sceneGraph.interpolate(scene, text, scoped, format);
  return getTemplateSrv().replace(text, scoped, format);
}
