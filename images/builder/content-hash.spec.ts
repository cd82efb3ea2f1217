import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentHash } from './content-hash';

describe('contentHash', () => {
  let folder: string;
  const hash = (): string => contentHash([{ name: 'recipe', path: folder }], ['bookworm']);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-hash-'));
    mkdirSync(join(folder, 'files'));
    writeFileSync(join(folder, 'files/a'), 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('does not change with times or tests', () => {
    const before = hash();
    utimesSync(join(folder, 'files/a'), 1, 1);
    writeFileSync(join(folder, 'a.spec.ts'), 'test');
    expect(hash()).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with content, names, links, the execute bit and the release', () => {
    const seen = new Set([hash(), contentHash([{ name: 'recipe', path: folder }], ['trixie'])]);
    writeFileSync(join(folder, 'files/a'), 'two');
    seen.add(hash());
    chmodSync(join(folder, 'files/a'), 0o755);
    seen.add(hash());
    writeFileSync(join(folder, 'files/b'), '');
    seen.add(hash());
    symlinkSync('a', join(folder, 'files/link'));
    seen.add(hash());
    expect(seen.size).toBe(6);
  });

  it('does not take one file for two', () => {
    writeFileSync(join(folder, 'x'), '4:file1:y');
    const before = hash();
    writeFileSync(join(folder, 'x'), '');
    writeFileSync(join(folder, 'y'), '');
    expect(hash()).not.toBe(before);
  });
});
