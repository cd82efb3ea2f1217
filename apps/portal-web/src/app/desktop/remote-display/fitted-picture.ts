import { ROUNDING } from '../best-size';
import { Pinch, PinchMove } from './pinch';
import { DisplayFit } from './remote-display';

/** What of a drawn display is needed to place it: its element and its own size in pixels. */
export interface ScalablePicture {
  getElement(): HTMLElement;
  getWidth(): number;
  getHeight(): number;
  scale(scale: number): void;
  onresize: ((width: number, height: number) => void) | null;
}

const MOST_ZOOM = 4;

/** How many of the screen's pixels make one of CSS. */
export function pixelRatio(): number {
  return globalThis.devicePixelRatio || 1;
}

/**
 * Puts a picture into a frame and keeps it fitting when either changes its size. Hidden until it has something to
 * show.
 */
export class FittedPicture {
  private readonly box: HTMLElement;
  private readonly observer: ResizeObserver;
  private current: DisplayFit = 'fit';
  /** By two fingers, in 1:1 only. */
  private zoom = 1;
  private readonly pinch: Pinch;
  private density: MediaQueryList | undefined;

  constructor(
    private readonly frame: HTMLElement,
    private readonly picture: ScalablePicture,
    private readonly resized: (width: number, height: number) => void = () => undefined,
  ) {
    this.box = frame.ownerDocument.createElement('div');
    this.box.className = 'bd-remote-picture';
    this.box.hidden = true;
    this.box.append(picture.getElement());
    frame.append(this.box);
    this.picture.onresize = (width, height) => {
      this.place();
      this.resized(width, height);
    };
    this.observer = new ResizeObserver(() => this.place());
    this.observer.observe(frame);
    this.watchPixelRatio();
    this.pinch = new Pinch(
      this.box,
      () => this.current === 'one-to-one',
      (move) => this.zoomBy(move),
    );
  }

  fit(fit: DisplayFit): void {
    this.current = fit;
    this.zoom = 1;
    this.place();
  }

  /** Two fingers are zooming: they mean nothing to the desktop. */
  get zooming(): boolean {
    return this.pinch.going;
  }

  /** Takes the place of an earlier connection's last picture. */
  show(): void {
    this.frame.querySelectorAll('.bd-remote-picture').forEach((other) => other !== this.box && other.remove());
    this.box.hidden = false;
    this.place();
  }

  /** Nothing changes any more; what was shown stays. */
  freeze(): void {
    this.observer.disconnect();
    this.density?.removeEventListener('change', this.densityChanged);
    if (this.box.hidden) {
      this.box.remove();
    }
  }

  remove(): void {
    this.freeze();
    this.box.remove();
  }

  private place(): void {
    const width = this.picture.getWidth();
    const height = this.picture.getHeight();
    // For who looks from outside: a canvas is larger than the picture, its size is rounded up.
    this.frame.dataset['pictureSize'] = `${width}x${height}`;
    const { clientWidth, clientHeight } = this.frame;
    if (width > 0 && height > 0 && clientWidth > 0 && clientHeight > 0) {
      const ownPixels = 1 / pixelRatio();
      const fitting = Math.min(clientWidth / width, clientHeight / height);
      // A guest of the frame's size, but for a rounded pixel, is drawn pixel for pixel: anything else blurs it.
      const sharp = fitting >= ownPixels && (fitting / ownPixels - 1) * Math.max(width, height) < 2;
      const ownSize = this.current === 'one-to-one' || sharp || (this.current === 'match' && this.follows(ownPixels));
      this.picture.scale(ownSize ? ownPixels * this.zoom : fitting);
    }
  }

  /** The guest has the frame's size, as near as it can. */
  private follows(ownPixels: number): boolean {
    const spare = [
      this.frame.clientWidth / ownPixels - this.picture.getWidth(),
      this.frame.clientHeight / ownPixels - this.picture.getHeight(),
    ];
    return spare.every((pixels) => pixels >= 0 && pixels <= ROUNDING);
  }

  /** What is between the fingers stays between them. */
  private zoomBy({ factor, right, down, clientX, clientY }: PinchMove): void {
    const before = this.zoom;
    this.zoom = Math.min(MOST_ZOOM, Math.max(1 / MOST_ZOOM, before * factor));
    const { left, top } = this.box.getBoundingClientRect();
    this.place();
    const grown = this.zoom / before - 1;
    this.frame.scrollLeft += (clientX - left) * grown - right;
    this.frame.scrollTop += (clientY - top) * grown - down;
  }

  /** A window moves to a screen of another density, or is zoomed: the query only ever matches one of them. */
  private watchPixelRatio(): void {
    this.density?.removeEventListener('change', this.densityChanged);
    this.density = globalThis.matchMedia?.(`(resolution: ${pixelRatio()}dppx)`);
    this.density?.addEventListener('change', this.densityChanged);
  }

  private readonly densityChanged = (): void => {
    this.watchPixelRatio();
    this.place();
  };
}
