import type { Page } from 'playwright-core';

const BOOK = 'beamdeskDiary';

/** What a desktop page said. */
export interface Entry {
  /** Whether there is a picture, in the page's own word, e.g. `live`. */
  state: string;
  /** Everything that it tells just then, one after the other. */
  words: string;
}

/**
 * Writes down, inside the page, every change of what a desktop page says. The book lives as long as the document: reading
 * it after a reload fails.
 */
export class PageDiary {
  private constructor(private readonly page: Page) {}

  static async begin(page: Page): Promise<PageDiary> {
    await page.evaluate((book) => {
      const entries: { state: string; words: string }[] = [];
      const look = () => {
        const display = document.querySelector<HTMLElement>('[data-testid="remote-display"]');
        const state = display?.dataset['state'] ?? 'no display';
        const words = [...document.querySelectorAll('.stage h2, .stage [role="status"], .bd-chip.state')]
          .map((element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim())
          .filter((text) => text !== '')
          .join(' / ');
        const last = entries.at(-1);
        if (last?.state !== state || last.words !== words) entries.push({ state, words });
      };
      look();
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
        attributeFilter: ['data-state'],
      });
      Object.assign(window, { [book]: entries });
    }, BOOK);
    return new PageDiary(page);
  }

  /** Everything since the beginning, or since `after` entries. @throws Error when the document is another one now */
  async read(after = 0): Promise<Entry[]> {
    const entries = await this.page.evaluate((book) => Reflect.get(window, book) as Entry[] | undefined, BOOK);
    if (!entries) throw new Error('the page was loaded anew');
    return entries.slice(after);
  }
}
