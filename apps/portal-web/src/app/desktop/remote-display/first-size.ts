import type { DisplayRequest } from './remote-display';

/** What RDP desktops are drawn for, however dense the person's screen is. */
const RDP_DPI = 96;
/** guacd makes the width a multiple of this. */
const STEP = 4;

/**
 * The size an RDP desktop's picture begins with, in pixels: what guacd makes of the size it is asked for (`settings.c` of its RDP
 * plugin). guacd before 1.6 sometimes says so before it counts whoever asked among those it speaks to (GUACAMOLE-1846), says it
 * once, and all that it draws then has no place. In the rare window that is too small for this rule guacd's own word is needed.
 */
export function firstSize({
  width,
  height,
  dpi,
}: Pick<DisplayRequest, 'width' | 'height' | 'dpi'>): readonly [width: number, height: number] {
  const side = (pixels: number) => Math.floor((pixels * RDP_DPI) / dpi);
  return [Math.floor(side(width) / STEP) * STEP, side(height)];
}
