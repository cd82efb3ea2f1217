import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'beamdesk-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const site = join(folder, 'site.yaml');
writeFileSync(site, 'images:\n  - id: tiny\n');

const image = (words: string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [join(__dirname, 'image.ts'), ...words], {
    encoding: 'utf8',
    env: { ...process.env, IMAGES_DIR: '', BEAMDESK_DATA: folder, SITE_FILE: site, ...env },
  });

describe('npm run image', () => {
  it('tells how it is used, and which recipes there are', () => {
    for (const words of [[], ['--help']]) {
      const { status, stdout } = image(words);
      expect(status).toBe(0);
      expect(stdout).toMatch(/build NAME \[--register\][^]*Recipes: .*tiny/);
    }
  });

  it.each([
    [['build'], 'say: build NAME'],
    [['make', 'tiny'], 'say: build NAME'],
    [['build', 'tiny', 'desktop-rdp'], 'say: build NAME'],
    [['build', '../tiny'], 'no recipe ../tiny; there are: '],
    [['build', 'tiny', '--registre'], "Unknown option '--registre'"],
  ])('%j is refused', (words, why) => {
    const { status, stderr } = image(words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
  });

  it('builds nothing for a site that does not name it, or for a folder that is not there', () => {
    const unnamed = image(['build', 'desktop-rdp', '--register']);
    expect([unnamed.status, unnamed.stderr]).toEqual([2, expect.stringContaining('- id: desktop-rdp')]);
    const nowhere = image(['build', 'tiny', '--register'], { IMAGES_DIR: join(folder, 'nowhere') });
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('there is no')]);
    expect(readdirSync(folder)).toEqual(['site.yaml']);
  });
});
