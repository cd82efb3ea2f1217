import { Page } from 'playwright-core';
import { until } from './installation';

export type Rgb = readonly [number, number, number];

/** Where a tiny guest has its text cursor once it shows whose it is: the first cell of the line below. */
const CURSOR = [4, 206] as const;

/** The remote picture as the page shows it: a look at pixels, and a keyboard that types into it. */
export class Screen {
  constructor(private readonly page: Page) {}

  private get display() {
    return this.page.getByTestId('remote-display');
  }

  /** Waits until the page says that the first picture was drawn. */
  async live(withinMs: number): Promise<void> {
    await this.page.waitForSelector('[data-testid="remote-display"][data-state="live"]', { timeout: withinMs });
  }

  /** Share (0–1) of the picture's pixels within ±6 of a colour. */
  shareOf(colour: Rgb): Promise<number> {
    return this.display.evaluate((element, [r, g, b]) => {
      const canvas = [...element.querySelectorAll('canvas')].sort((a, c) => c.width * c.height - a.width * a.height)[0];
      const context = canvas?.getContext('2d');
      if (!canvas || !context || canvas.width === 0) return 0;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let hits = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (
          Math.abs((data[i] ?? 0) - r) <= 6 &&
          Math.abs((data[i + 1] ?? 0) - g) <= 6 &&
          Math.abs((data[i + 2] ?? 0) - b) <= 6
        ) {
          hits++;
        }
      }
      return hits / (data.length / 4);
    }, colour);
  }

  /** Colours at points of the guest's screen. */
  coloursAt(points: (readonly [x: number, y: number])[]): Promise<Rgb[]> {
    return this.display.evaluate((element, wanted) => {
      const canvas = [...element.querySelectorAll('canvas')].sort((a, c) => c.width * c.height - a.width * a.height)[0];
      const context = canvas?.getContext('2d');
      return wanted.map(([x, y]): [number, number, number] => {
        const [red = 0, green = 0, blue = 0] = context?.getImageData(x, y, 1, 1).data ?? [];
        return [red, green, blue];
      });
    }, points);
  }

  /** Waits until the text cursor of a tiny guest comes and goes: a picture that stands still has none that does. */
  async blinks(withinMs: number): Promise<void> {
    const seen = new Set<string>();
    await until(
      async () => seen.add(JSON.stringify(await this.coloursAt([CURSOR]))).size > 1,
      withinMs,
      () => `the cursor to blink; it is ${[...seen].join(' ')}`,
    );
  }

  /** Width and height of the guest's screen, pixels. (Canvases are larger: guacamole-common-js rounds them up.) */
  async size(): Promise<{ width: number; height: number }> {
    const [width, height] = ((await this.display.getAttribute('data-picture-size')) ?? '0x0').split('x').map(Number);
    return { width: width ?? 0, height: height ?? 0 };
  }

  async waitForShare(colour: Rgb, atLeast: number, withinMs: number): Promise<number> {
    let share = 0;
    await until(
      async () => (share = await this.shareOf(colour)) >= atLeast,
      withinMs,
      () => `${atLeast} of the picture in rgb(${colour.join(' ')}), is ${share}`,
    );
    return share;
  }

  /** Clicks at (x, y) of the guest's screen; gives the display the focus. */
  async click(x: number, y: number): Promise<void> {
    await this.page.mouse.click(...(await this.pagePoint(x, y)));
  }

  /** Double-clicks at (x, y) of the guest's screen: in a terminal, selects the word there. */
  async doubleClick(x: number, y: number): Promise<void> {
    const [left, top] = await this.pagePoint(x, y);
    // As long as a finger takes; an emulated guest misses shorter presses.
    await this.page.mouse.dblclick(left, top, { delay: 60 });
  }

  /** Drags with the left button held between two points of the guest's screen: in a terminal, selects the text between them. */
  async drag([fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number]): Promise<void> {
    await this.page.mouse.move(...(await this.pagePoint(fromX, fromY)));
    await this.page.mouse.down();
    await this.page.mouse.move(...(await this.pagePoint(toX, toY)), { steps: 10 });
    await this.page.mouse.up();
  }

  private async pagePoint(x: number, y: number): Promise<[number, number]> {
    const canvas = this.display.locator('canvas').first();
    const box = await canvas.boundingBox();
    if (!box) throw new Error('the display has no box');
    const scale = await canvas.evaluate(
      (element) => element.getBoundingClientRect().width / (element as HTMLCanvasElement).width,
    );
    return [box.x + x * scale, box.y + y * scale];
  }

  /** Types a line into whatever has the guest's focus; slow enough for an emulated machine. */
  async type(line: string): Promise<void> {
    for (const char of line) {
      await this.page.keyboard.press(keyOf(char));
      await this.page.waitForTimeout(40);
    }
    await this.page.keyboard.press('Enter');
  }
}

/** Keys of a US keyboard that give these characters only with Shift held, as a person holds it. */
const SHIFTED: Record<string, string> = { '>': 'Period', '|': 'Backslash', '+': 'Equal', '"': 'Quote', '~': 'Backquote', $: 'Digit4' };

function keyOf(char: string): string {
  const shifted = SHIFTED[char];
  return shifted ? `Shift+${shifted}` : char === ' ' ? 'Space' : char;
}
