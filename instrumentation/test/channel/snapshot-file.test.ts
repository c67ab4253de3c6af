import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setDigest } from '@guardspan/policy/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SnapshotFile } from '../../src/channel/snapshot-file.js';
import { guardrails } from '../guard/fakes.js';

const SET = guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: adults-only}
spec: {match: {models: [credit]}, at: request, when: features.age < 18, action: {deny: {}}, mode: enforce}
`);

describe('snapshot on disk', () => {
  let parent = '';
  let directory = '';
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'guardspan-test-'));
    directory = join(parent, 'service');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const save = (): string => new SnapshotFile(directory).save(setDigest(SET), SET);

  it('comes back as it was written', () => {
    expect(save()).toBe('');
    expect(new SnapshotFile(directory).load()).toEqual(SET);
  });

  it('is readable by its owner only, and leaves nothing half-written', () => {
    save();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toEqual(['guardrails.json']);
    expect(statSync(join(directory, 'guardrails.json')).mode & 0o777).toBe(0o600);
  });

  it('is not trusted when it was changed, cut, or is writable by others', () => {
    save();
    const path = join(directory, 'guardrails.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('adults-only', 'adults-nope'));
    expect(new SnapshotFile(directory).load()).toBeNull();
    writeFileSync(path, text.slice(0, -20));
    expect(new SnapshotFile(directory).load()).toBeNull();
    writeFileSync(path, text);
    expect(new SnapshotFile(directory).load()).toEqual(SET);
    chmodSync(path, 0o666);
    expect(new SnapshotFile(directory).load()).toBeNull();
  });

  it('says why it could not be written, and does not throw', () => {
    writeFileSync(directory, 'a file where the directory should be');
    expect(save()).not.toBe('');
    expect(existsSync(join(directory, 'guardrails.json'))).toBe(false);
  });
});
