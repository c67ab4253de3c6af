/** What waits of a text once a piece of it came and another went out; undefined from when what went out is not what came. */
export function afterGoing(waits: string | undefined, came: string, went: string): string | undefined {
  const all = waits === undefined ? undefined : waits + came;
  return all?.startsWith(went) === true ? all.slice(went.length) : undefined;
}
