/** What a CSS pixel is worth, whatever the screen. */
const CSS_DPI = 96;
/** The bridge takes no longer side and no finer screen than these. */
const LONGEST_SIDE = 8192;
const MAX_DPI = 768;

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
