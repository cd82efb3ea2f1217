import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const boot = join(__dirname, 'boot.mjs');
const node = join(__dirname, '../node_modules/.bin/node');

/** Asks a function of boot.mjs, which jest cannot load itself, for its answer. */
function ask(expression: string): unknown {
  const { stdout, stderr } = spawnSync(node, ['-e', `import('${boot}').then((b) => console.log(JSON.stringify(${expression})))`], {
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('boot.mjs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'boot-'));
    mkdirSync(join(folder, 'node_modules'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (locked: object, installed: object | null) => {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...locked } }));
    if (installed) writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    return ask(`b.isInstalled('${folder}')`);
  };
  const a = { version: '1.0.0', integrity: 'x' };

  it('installs when nothing, less or something else is there than the lock file says', () => {
    expect(write({ 'node_modules/a': a }, null)).toBe(false);
    expect(write({ 'node_modules/a': a }, {})).toBe(false);
    expect(write({ 'node_modules/a': a }, { 'node_modules/a': { ...a, version: '0.9.0' } })).toBe(false);
    expect(write({ 'node_modules/a': a }, { 'node_modules/a': { ...a, integrity: 'y' } })).toBe(false);
  });

  it('installs nothing when all is there but packages of other systems', () => {
    const other = { version: '1.0.0', optional: true };
    expect(write({ 'node_modules/a': a, 'node_modules/a-win': other }, { 'node_modules/a': a })).toBe(true);
  });

  it.each([
    ['npm error code ENOTFOUND', 'cannot reach its registry'],
    ['npm error code ENOSPC', 'the disk is full'],
    ['npm error code EACCES', 'may not write'],
    ['npm error code EUSAGE', 'does not match'],
  ])('says for %s that %s', (output, words) => {
    expect(ask(`b.explain(${JSON.stringify(output)})`)).toContain(words);
  });

  it('runs the command on the pinned Node and hands its exit code on', () => {
    const { status, stdout } = spawnSync(process.execPath, [boot, 'node', '-e', 'console.log(process.versions.node); process.exit(7)'], {
      encoding: 'utf8',
    });
    expect(status).toBe(7);
    expect(Number(stdout.split('.')[0])).toBeGreaterThanOrEqual(24);
  });
});
