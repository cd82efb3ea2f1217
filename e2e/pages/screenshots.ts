/** `npm run screenshots`: see HELP. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TINY_SITE } from '../fixtures/tiny-site.ts';
import { Installation } from '../harness/installation.ts';
import { Looks, openBrowser, SIZES } from './looks.ts';
import { furnish, PAGES } from './pages.ts';

const HELP = `npm run screenshots -- [--out DIR] [--only NAME,NAME]

  Starts a portal of its own in a folder of its own, and makes a picture of every page at 360, 768 and 1440 px, light and
  dark, as DIR/NAME-WIDTH-SCHEME.png.

  --out DIR     default: screenshots, in the folder you are in
  --only NAMES  of these pages: ${PAGES.map(({ name }) => name).join(', ')}`;

/** A first start may have to build the image. */
const START_WITHIN_MS = 1_800_000;

async function main(): Promise<void> {
  const options = { out: { type: 'string', default: 'screenshots' }, only: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(HELP);
  const only = values.only?.split(',');
  const pages = PAGES.filter(({ name }) => !only || only.includes(name));
  const out = resolve(process.env['INIT_CWD'] ?? '.', values.out);
  mkdirSync(out, { recursive: true });
  const installation = await Installation.start({ env: TINY_SITE, readyWithinMs: START_WITHIN_MS, say: (line) => console.log(line) });
  const browser = await openBrowser();
  try {
    const looks = new Looks(browser, installation.url, await furnish(installation.url));
    for (const one of pages) {
      for (const size of SIZES) {
        for (const scheme of ['light', 'dark'] as const) {
          const page = await looks.open(one, scheme, size);
          await page.screenshot({ path: join(out, `${one.name}-${size.width}-${scheme}.png`), fullPage: one.desktop !== true });
          await page.close();
        }
      }
      console.log(`${one.name}: ${SIZES.length * 2} pictures`);
    }
    console.log(out);
  } finally {
    await browser.close();
    await installation.remove();
  }
}

await main();
