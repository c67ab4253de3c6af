/** A key that is known and refused where it stands: why, and what to write instead. */
export interface RefusedKey {
  code: string;
  message: string;
  hint: string;
}

const WHY: { readonly [key: string]: string } = {
  season: 'a baseline by hour or day holds the events or the mean of each hour, and this test has neither',
  moving: 'what somebody who shifts the calls slowly could gain is bounded for a share or a mean only',
};
const INSTEAD: { readonly [test: string]: string } = {
  drift:
    'test the rate of the values that matter (`rate: {of: "features.age > 60.0", baseline: …}`), which may have it',
};

/** Why `season` and `moving` are refused in a `drift`; undefined for any other key. `path` leads to the mapping that holds the key. */
export function refusedKey(path: readonly (string | number)[], key: string): RefusedKey | undefined {
  const at = path.lastIndexOf('test');
  const [test, ...rest] = path.slice(at + 1);
  const hint = INSTEAD[String(test)];
  const stands = key === 'season' ? rest.join() === 'baseline' : rest.length === 0;
  if (path[at - 1] !== 'over' || hint === undefined || WHY[key] === undefined || !stands) return undefined;
  return {
    code: 'GUARDSPAN_DOC_TEST_SHARES_ONLY',
    message: `\`${key}\` is for \`rate\`, \`latency\` and \`mean\`, not for \`${String(test)}\`: ${WHY[key]}`,
    hint,
  };
}
