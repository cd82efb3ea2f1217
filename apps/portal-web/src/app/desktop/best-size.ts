/** What a CSS pixel is worth, whatever the screen. */
const CSS_DPI = 96;
/** What a guest's screen can be, in pixels. */
const LEAST = { width: 640, height: 480 };
const MOST = { width: 3840, height: 2160 };
/** A guest may round a side down to a multiple of this. */
export const ROUNDING = 8;
/** The bridge takes no longer side and no finer screen than these. */
const LONGEST_SIDE = 8192;
const MAX_DPI = 768;

/** Whole pixels of a desktop's screen. */
export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** The size that suits a frame best, in pixels of the screen it is on, and how dense these are. */
export function bestSize(
  { clientWidth, clientHeight }: Pick<HTMLElement, 'clientWidth' | 'clientHeight'>,
  pixelRatio: number,
): { width: number; height: number; dpi: number } {
  const ratio = pixelRatio || 1;
  const side = (cssPixels: number) => Math.min(LONGEST_SIDE, Math.floor(cssPixels * ratio));
  return {
    width: side(clientWidth || 1280),
    height: side(clientHeight || 800),
    dpi: Math.min(MAX_DPI, Math.round(CSS_DPI * ratio)),
  };
}

/**
 * The size of a desktop's screen that fills a frame pixel for pixel. Of a frame that is larger or smaller than screens
 * can be, one of its shape, so that the fitted picture fills it; null for a frame that is not laid out.
 */
export function matchingSize(
  { clientWidth, clientHeight }: Pick<HTMLElement, 'clientWidth' | 'clientHeight'>,
  pixelRatio: number,
): ScreenSize | null {
  if (clientWidth <= 0 || clientHeight <= 0) return null;
  const ratio = pixelRatio || 1;
  const [width, height] = [clientWidth * ratio, clientHeight * ratio];
  const larger = Math.max(1, LEAST.width / width, LEAST.height / height);
  const scale = Math.min(larger, MOST.width / width, MOST.height / height);
  const within = (pixels: number, side: 'width' | 'height') =>
    Math.min(MOST[side], Math.max(LEAST[side], Math.floor(pixels * scale + 1e-6)));
  return { width: within(width, 'width'), height: within(height, 'height') };
}

/** Whether a screen has the size that was asked for, but for what a guest rounds. */
export function hasSize(screen: ScreenSize, wish: ScreenSize): boolean {
  const short = [wish.width - screen.width, wish.height - screen.height];
  return short.every((pixels) => pixels >= 0 && pixels <= ROUNDING);
}
