import { execFileSync } from 'child_process';
import { join } from 'path';

// Each generator compares with `--check` what it would write with what the repository holds.
describe('generated files', () => {
  it.each([
    ['starters of the command', 'generate-starters.mjs'],
    ["types of the evaluator's answers", 'generate-api-types.mjs'],
  ])(
    'are current: %s',
    (_, script) => {
      const run = () =>
        execFileSync(process.execPath, [join(__dirname, '../scripts', script), '--check'], { stdio: 'pipe' });
      expect(run).not.toThrow();
    },
    60_000,
  );
});
