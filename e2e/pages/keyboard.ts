import type { Page } from 'playwright-core';

/** What of a page a keyboard does not reach, or reaches without showing it; both empty: all is well. */
export interface KeyboardFaults {
  unreached: string[];
  unseen: string[];
}

/** Presses Tab through the whole page, as somebody does who has no mouse. */
export async function tabThrough(page: Page): Promise<KeyboardFaults> {
  const expected = await page.evaluate(() => {
    const selector = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]';
    const all = [...document.querySelectorAll<HTMLElement>(selector)].filter(
      (one) =>
        one.tabIndex >= 0 &&
        !one.matches(':disabled, [type="hidden"]') &&
        one.closest('[inert], [aria-hidden="true"]') === null &&
        one.checkVisibility({ visibilityProperty: true, opacityProperty: false }),
    );
    // Of a group of radio buttons Tab goes to one, arrows to the others.
    const groups = new Set<string>();
    const stops = all.filter((one) => {
      if (!(one instanceof HTMLInputElement) || one.type !== 'radio' || one.name === '') return true;
      const chosen = document.querySelector<HTMLInputElement>(`input[type="radio"][name="${CSS.escape(one.name)}"]:checked`);
      if (chosen && chosen !== one) return false;
      return !groups.has(one.name) && Boolean(groups.add(one.name));
    });
    stops.forEach((one, index) => one.setAttribute('data-tab-stop', String(index)));
    const word = (one: HTMLElement) => `${one.tagName.toLowerCase()} "${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 60)}"`;
    (document.activeElement as HTMLElement | null)?.blur();
    window.getSelection()?.removeAllRanges();
    return stops.map(word);
  });
  const reached = new Set<number>();
  const unseen: string[] = [];
  for (let press = 0; press < expected.length + 8 && reached.size < expected.length; press++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const one = document.activeElement as HTMLElement | null;
      const stop = one?.closest('[data-tab-stop]')?.getAttribute('data-tab-stop');
      if (!one || stop === null || stop === undefined) return null;
      const drawn = [one, one.parentElement, ...one.querySelectorAll('*')].some((part) => {
        if (!(part instanceof HTMLElement)) return false;
        return ['', '::before', '::after'].some((pseudo) => {
          const { outlineStyle, outlineWidth, boxShadow, borderStyle, display, opacity } = getComputedStyle(part, pseudo || null);
          if (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) return true;
          if (boxShadow !== 'none' && pseudo === '') return true;
          // Material's focus ring is a pseudo-element with a border.
          return pseudo !== '' && display !== 'none' && borderStyle.includes('solid') && Number(opacity) > 0;
        });
      });
      const box = one.getBoundingClientRect();
      return { stop: Number(stop), drawn, inView: box.width > 0 && box.bottom > 0 && box.top < innerHeight };
    });
    if (at === null || reached.has(at.stop)) continue;
    reached.add(at.stop);
    if (!at.drawn || !at.inView) unseen.push(expected[at.stop] ?? '');
  }
  return { unreached: expected.filter((_, index) => !reached.has(index)), unseen };
}
