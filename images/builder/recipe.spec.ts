import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
    const ids = readdirSync(images).filter((name) => existsSync(join(images, name, 'recipe.yaml')));
    expect(ids.map((id) => loadRecipe(join(images, id)).id)).toEqual(ids);
    expect(ids).toEqual(expect.arrayContaining(['tiny', 'desktop-plain', 'desktop-analysis', 'desktop-diffraction', 'desktop-spectroscopy', 'desktop-imaging', 'desktop-rdp']));
    expect(loadRecipe(join(images, 'desktop-analysis')).packages).toEqual(expect.arrayContaining(['openbox', 'pyfai']));
    expect(loadRecipe(join(images, 'desktop-analysis')).protocol).toBe('vnc');
    expect(loadRecipe(join(images, 'desktop-rdp')).protocol).toBe('rdp');
  });

  it('fills in empty lists and how the desktop is shown', () => {
    expect(load(good)).toMatchObject({
      id: 'x',
      modules: [],
      packages: [],
      disk_mib: 64,
      protocol: 'vnc',
      folders: [folder],
      keyboard: null,
    });
  });

  describe('on a base', () => {
    let images: string;
    const loadOn = (base: string, recipe: string): unknown => {
      writeFileSync(join(images, 'common/base.yaml'), base);
      writeFileSync(join(images, 'x/recipe.yaml'), recipe);
      return loadRecipe(join(images, 'x'));
    };

    beforeEach(() => {
      images = join(folder, 'images');
      for (const name of ['common', 'x']) mkdirSync(join(images, name), { recursive: true });
    });

    it('takes its fields where the recipe has none, its lists and its folder first', () => {
      const base = good.replace(/id: x\nname: X\n/, 'packages: [a, b]\nmodules: [m]\n');
      expect(loadOn(base, 'id: x\nname: X\nbase: common\nprotocol: rdp\ndisk_mib: 128\npackages: [c]\n')).toEqual({
        id: 'x',
        name: 'X',
        folders: [join(images, 'common'), join(images, 'x')],
        protocol: 'rdp',
        kind: 'debian',
        release: 'bookworm',
        cmdline: 'quiet',
        disk_mib: 128,
        software: [],
        modules: ['m'],
        extra_modules: [],
        packages: ['a', 'b', 'c'],
        keyboard: null,
      });
    });

    it('rests on a base of its base, the outermost first, and ends where one rests on itself', () => {
      mkdirSync(join(images, 'outer'));
      writeFileSync(join(images, 'outer/base.yaml'), good.replace(/id: x\nname: X\n/, 'packages: [a]\nkeyboard: all-latin\n'));
      expect(loadOn('base: outer\npackages: [b]\ndisk_mib: 128\n', 'id: x\nname: X\nbase: common\npackages: [c]\n')).toMatchObject({
        folders: [join(images, 'outer'), join(images, 'common'), join(images, 'x')],
        packages: ['a', 'b', 'c'],
        disk_mib: 128,
        keyboard: 'all-latin',
      });
      expect(() => loadOn('base: common\n', 'id: x\nname: X\nbase: common\n')).toThrow(/common\/base.yaml: base is one base too many/);
    });

    it.each([
      ['id: y\n', `${good}base: common\n`, /common\/base.yaml: id is not a field/],
      ['packages: a\n', `${good}base: common\n`, /common\/base.yaml: packages must be a list/],
      ['{}', `${good}base: ../common\n`, /recipe.yaml: base must be the name of a folder/],
      ['{}', `${good}base: other\n`, /recipe.yaml: base names other, which has no base.yaml/],
      ['{}', `${good.replace('debian', 'initramfs')}base: common\n`, /recipe.yaml: base is for recipes of kind debian/],
      ['{}', 'id: x\nname: X\nbase: common\n', /recipe.yaml: kind must be a text/],
    ])('names file and field of a fault: %j %j', (base, recipe, message) => {
      expect(() => loadOn(base, recipe)).toThrow(BuildFailure);
      expect(() => loadOn(base, recipe)).toThrow(message);
    });
  });

  it.each([
    [good.replace('id: x', 'id: ../x'), /recipe.yaml: id may hold/],
    [good.replace('debian', 'windows'), /kind must be/],
    [`${good}protocol: spice\n`, /protocol must be vnc or rdp/],
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
