import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildFailure } from './failure';
import { loadRecipe } from './recipe';

const good = 'id: x\nname: X\nkind: debian\nrelease: bookworm\ncmdline: quiet\ndisk_mib: 64\n';

describe('loadRecipe', () => {
  let folder: string;
  const load = (text: string): unknown => {
    writeFileSync(join(folder, 'recipe.yaml'), text);
    return loadRecipe(folder);
  };

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'beamdesk-recipe-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads the recipes of this folder', () => {
    const images = join(__dirname, '..');
    const ids = readdirSync(images).filter(
      (name) => readdirSync(images).includes(name) && name.match(/^(tiny|desktop-)/),
    );
    expect(ids.map((id) => loadRecipe(join(images, id)).id)).toEqual(ids);
    expect(loadRecipe(join(images, 'desktop-analysis')).packages).toContain('pyfai');
  });

  it('fills in empty lists', () => {
    expect(load(good)).toMatchObject({ id: 'x', modules: [], packages: [], disk_mib: 64, keyboard: null });
  });

  it.each([
    [good.replace('id: x', 'id: ../x'), /recipe.yaml: id may hold/],
    [good.replace('debian', 'windows'), /kind must be/],
    [good.replace('64', '-1'), /disk_mib must be/],
    [good.replace('name: X\n', ''), /name must be a text/],
    [`${good}packages: [1]\n`, /packages must be a list of texts/],
    [`${good}keyboard: de\n`, /keyboard must be all-latin/],
    [`${good}package: [a]\n`, /package is not a field/],
    ['a: [', /can't be read/],
    ['', /holds no recipe/],
  ])('names file and field of a fault: %j', (text, message) => {
    expect(() => load(text)).toThrow(BuildFailure);
    expect(() => load(text)).toThrow(message);
  });
});
