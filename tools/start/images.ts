import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sentence, StartFault } from './fault.ts';
import type { Layout } from './layout.ts';
import { ownProgram, ownProgramBeside } from './own-program.ts';
import type { OwnProgram } from './own-program.ts';
import { say } from './say.ts';
import type { Site } from './site.ts';

/** What is found ready takes less. */
const SLOW_MS = 5000;

/** Where images come from and go to. */
export interface ImageHouse {
  checkout: string;
  layout: Pick<Layout, 'images'>;
  site: Pick<Site, 'images'>;
}

/**
 * Provides the first image of the site, so that its desktops start as soon as the portal answers; a newcomer waits for no other.
 * An image without a recipe in this checkout must lie there already, whichever place it has.
 */
export async function provideFirstImage(house: ImageHouse): Promise<void> {
  const { checkout, layout, site } = house;
  for (const image of site.images) {
    if (hasRecipe(checkout, image) || existsSync(join(layout.images, image, 'image.json'))) continue;
    throw new StartFault(`the site names the image ${image}, but there is no recipe images/${image} and no ${layout.images}/${image}`);
  }
  const [first] = site.images;
  if (first !== undefined && hasRecipe(checkout, first)) await ownProgram(builder(house, first));
}

/**
 * Provides the others, one after the other, beside the portal and behind everything else on the computer. The api offers their
 * plans when they are there. One that can't be built is told and keeps nothing else from working.
 */
export async function provideLaterImages(house: ImageHouse, tell: (line: string) => void = say): Promise<void> {
  for (const image of house.site.images.slice(1)) {
    if (!hasRecipe(house.checkout, image)) continue;
    const begun = Date.now();
    const slow = setTimeout(() => tell(`image ${image}: is made in the background; its plans are offered when it is there`), SLOW_MS);
    try {
      await ownProgramBeside(builder(house, image));
      if (Date.now() - begun > SLOW_MS) tell(`image ${image}: done in ${Math.round((Date.now() - begun) / 1000)} s`);
    } catch (error) {
      tell(`${sentence(error)}; its plans are not offered, the next npm start tries again`);
    } finally {
      clearTimeout(slow);
    }
  }
}

function builder({ checkout, layout }: ImageHouse, image: string): OwnProgram {
  return { checkout, name: `image ${image}`, command: ['images/build.ts', image, '--out', layout.images] };
}

function hasRecipe(checkout: string, image: string): boolean {
  return existsSync(join(checkout, 'images', image, 'recipe.yaml'));
}
