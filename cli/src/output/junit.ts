/** One test as JUnit's XML has it. */
export interface JunitCase {
  /** Suite: a guard-rail or a suite of tests. */
  suite: string;
  file: string;
  name: string;
  /** Empty when it passed. */
  failure: string;
  /** How long it ran, seconds. */
  seconds: number;
}

/** A report in the XML that Jenkins, GitLab and GitHub read. */
export function junit(cases: readonly JunitCase[]): string {
  const suites = new Map<string, JunitCase[]>();
  for (const one of cases) suites.set(one.suite, [...(suites.get(one.suite) ?? []), one]);
  const lines = [`<?xml version="1.0" encoding="UTF-8"?>`, `<testsuites name="guardspan"${totals(cases)}>`];
  for (const [name, members] of suites) {
    lines.push(`  <testsuite name="${escape(name)}" file="${escape(members[0]!.file)}"${totals(members)}>`);
    for (const { name: test, suite, file, failure, seconds } of members) {
      const head = `    <testcase name="${escape(test)}" classname="${escape(suite)}" file="${escape(file)}" time="${seconds.toFixed(3)}"`;
      if (failure === '') lines.push(`${head}/>`);
      else
        lines.push(
          `${head}>`,
          `      <failure message="${escape(failure)}" type="GUARDSPAN_TEST_FAILED"/>`,
          '    </testcase>',
        );
    }
    lines.push('  </testsuite>');
  }
  return `${[...lines, '</testsuites>'].join('\n')}\n`;
}

function totals(cases: readonly JunitCase[]): string {
  const failed = cases.filter(({ failure }) => failure !== '').length;
  const time = cases.reduce((sum, { seconds }) => sum + seconds, 0);
  return ` tests="${cases.length}" failures="${failed}" errors="0" time="${time.toFixed(3)}"`;
}

function escape(text: string): string {
  return (
    text
      // XML 1.0 has no way to write control characters.
      // eslint-disable-next-line no-control-regex
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/\n/g, '&#10;')
  );
}
