import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideFirstImage, provideLaterImages } from './images.ts';

const node = join(__dirname, '../../node_modules/.bin/node');

/** Stands for the builder: makes `<out>/<image>/image.json`, notes when it ran and how politely, fails for `broken`. */
const BUILDER = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
const [image, , out] = process.argv.slice(2);
appendFileSync(import.meta.dirname + '/ran', image + ' ' + getPriority() + '\\n');
if (image === 'broken') { console.error('no mirror answers'); process.exit(1); }
mkdirSync(out + '/' + image, { recursive: true });
writeFileSync(out + '/' + image + '/image.json', '{}');
`;

describe('the images of a start', () => {
  let checkout: string;
  let images: string;
  const house = (...ids: string[]) => ({ checkout, layout: { images }, site: { images: ids } });
  const ran = () => readFileSync(join(checkout, 'images/ran'), 'utf8').trim().split('\n');
  const isThere = (id: string) => existsSync(join(images, id, 'image.json'));

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'images-spec-'));
    images = join(checkout, 'data');
    mkdirSync(join(checkout, 'node_modules/.bin'), { recursive: true });
    symlinkSync(node, join(checkout, 'node_modules/.bin/node'));
    for (const id of ['one', 'broken', 'two']) {
      mkdirSync(join(checkout, 'images', id), { recursive: true });
      writeFileSync(join(checkout, 'images', id, 'recipe.yaml'), '');
    }
    writeFileSync(join(checkout, 'images/build.ts'), BUILDER);
    writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  it('are the first before the portal opens, and the others after it, with the least priority', async () => {
    await provideFirstImage(house('one', 'two'));
    expect([isThere('one'), isThere('two')]).toEqual([true, false]);
    await provideLaterImages(house('one', 'two'));
    expect(isThere('two')).toBe(true);
    const [[first, priority], [second, least]] = ran().map((line) => line.split(' '));
    expect([first, second]).toEqual(['one', 'two']);
    expect(Number(least)).toBe(19);
    expect(Number(priority)).toBeLessThan(19);
  });

  it('that cannot be made later are told, and the next one is made', async () => {
    const told: string[] = [];
    await provideLaterImages(house('one', 'broken', 'two'), (line) => told.push(line));
    expect(told).toEqual(['image broken: no mirror answers; its plans are not offered, the next npm start tries again']);
    expect(isThere('two')).toBe(true);
  });

  it('that nobody can make are refused before anything is made, unless they lie there', async () => {
    await expect(provideFirstImage(house('one', 'ours'))).rejects.toThrow(/no recipe images\/ours/);
    expect(isThere('one')).toBe(false);
    mkdirSync(join(images, 'ours'), { recursive: true });
    writeFileSync(join(images, 'ours/image.json'), '{}');
    await provideFirstImage(house('one', 'ours'));
    await provideLaterImages(house('one', 'ours'));
    expect(ran()).toHaveLength(1);
  });
});
