import { FittedPicture, ScalablePicture } from './fitted-picture';

class WidePicture implements ScalablePicture {
  readonly element = document.createElement('div');
  width = 1280;
  height = 800;
  scaled = 0;
  onresize: ((width: number, height: number) => void) | null = null;
  getElement = (): HTMLElement => this.element;
  getWidth = (): number => this.width;
  getHeight = (): number => this.height;
  scale(scale: number): void {
    this.scaled = scale;
  }
}

describe('FittedPicture', () => {
  let frame: HTMLElement;
  let resized: () => void;

  beforeEach(() => {
    frame = document.createElement('div');
    sizeOf(640, 600);
    globalThis.ResizeObserver = class {
      constructor(callback: ResizeObserverCallback) {
        resized = () => callback([], this);
      }
      observe(): void {
        resized();
      }
      disconnect(): void {
        resized = () => undefined;
      }
      unobserve(): void {
        resized = () => undefined;
      }
    };
  });

  function sizeOf(clientWidth: number, clientHeight: number): void {
    Object.defineProperties(frame, {
      clientWidth: { value: clientWidth, configurable: true },
      clientHeight: { value: clientHeight, configurable: true },
    });
  }

  it('fits the whole picture, follows the frame and the guest, and shows pixels 1:1 on demand', () => {
    const picture = new WidePicture();
    const fitted = new FittedPicture(frame, picture);
    expect(picture.scaled).toBe(0.5);
    sizeOf(2560, 800);
    resized();
    expect(picture.scaled).toBe(1);
    picture.height = 1600;
    picture.onresize?.(1280, 1600);
    expect(picture.scaled).toBe(0.5);
    fitted.fit('one-to-one');
    expect(picture.scaled).toBe(1);
    expect(frame.dataset['pictureSize']).toBe('1280x1600');
  });

  it('fits a guest that is to match the frame until it does, and then shows its pixels', () => {
    const picture = new WidePicture();
    const sizes: string[] = [];
    const fitted = new FittedPicture(frame, picture, (width, height) => sizes.push(`${width}x${height}`));
    sizeOf(1607, 900);
    fitted.fit('match');
    expect(picture.scaled).toBe(900 / 800);
    become(1600, 900);
    expect(picture.scaled).toBe(1);
    sizeOf(1700, 900);
    resized();
    expect(picture.scaled).toBe(1);
    sizeOf(1700, 1000);
    resized();
    expect(picture.scaled).toBe(1700 / 1600);
    sizeOf(320, 240);
    become(640, 480);
    expect(picture.scaled).toBe(0.5);
    expect(sizes).toEqual(['1600x900', '640x480']);

    function become(width: number, height: number): void {
      Object.assign(picture, { width, height });
      picture.onresize?.(width, height);
    }
  });

  describe('on a screen of two pixels for each of CSS', () => {
    let changed: (() => void) | undefined;

    beforeEach(() => {
      screenOf(2);
      globalThis.matchMedia = (query: string) =>
        Object.assign(new EventTarget(), {
          media: query,
          addEventListener: (_type: string, listener: () => void) => (changed = listener),
          removeEventListener: () => (changed = undefined),
        }) as unknown as MediaQueryList;
    });
    afterEach(() => screenOf(1));

    it('shows 1:1 every pixel of the guest as one of the screen', () => {
      const picture = new WidePicture();
      new FittedPicture(frame, picture).fit('one-to-one');
      expect(picture.scaled).toBe(0.5);
    });

    it('follows the window to another screen, until it is frozen', () => {
      const picture = new WidePicture();
      const fitted = new FittedPicture(frame, picture);
      fitted.fit('one-to-one');
      screenOf(1);
      changed?.();
      expect(picture.scaled).toBe(1);
      fitted.freeze();
      expect(changed).toBeUndefined();
    });

    it('does not blur a fitting guest for a rounded pixel', () => {
      const picture = new WidePicture();
      picture.width = 1279;
      picture.height = 1199;
      new FittedPicture(frame, picture);
      expect(picture.scaled).toBe(0.5);
      sizeOf(660, 620);
      resized();
      expect(picture.scaled).toBeCloseTo(660 / 1279);
    });
  });

  function screenOf(ratio: number): void {
    Object.defineProperty(globalThis, 'devicePixelRatio', { value: ratio, configurable: true });
  }

  it('zooms under two fingers in 1:1 only, within bounds, and forgets it with the next fit', () => {
    const picture = new WidePicture();
    const fitted = new FittedPicture(frame, picture);
    spread(100, 200);
    expect(picture.scaled).toBe(0.5);
    fitted.fit('one-to-one');
    spread(100, 200);
    expect(picture.scaled).toBe(2);
    spread(100, 900);
    expect(picture.scaled).toBe(4);
    spread(900, 1);
    expect(picture.scaled).toBe(0.25);
    fitted.fit('one-to-one');
    expect(picture.scaled).toBe(1);

    function spread(from: number, to: number): void {
      for (const [type, distance] of [
        ['touchstart', from],
        ['touchmove', to],
        ['touchend', 0],
      ] as const) {
        const touches = distance ? [0, distance].map((clientX) => ({ clientX, clientY: 0 })) : [];
        picture.element.dispatchEvent(Object.assign(new Event(type, { bubbles: true, cancelable: true }), { touches }));
      }
    }
  });

  it('keeps the last picture of a connection that ended until the next has its own', () => {
    const [first, second] = [new WidePicture(), new WidePicture()];
    const former = new FittedPicture(frame, first);
    former.show();
    former.freeze();
    const latter = new FittedPicture(frame, second);
    expect(visible()).toEqual([first.element]);
    latter.show();
    expect(visible()).toEqual([second.element]);
  });

  it('leaves nothing behind of a connection that never had a picture', () => {
    new FittedPicture(frame, new WidePicture()).freeze();
    expect(frame.children).toHaveLength(0);
  });

  function visible(): Element[] {
    return Array.from(frame.children)
      .filter((box) => !(box as HTMLElement).hidden)
      .map((box) => box.children[0]);
  }
});
