/** How two fingers moved: farther apart by a factor, and their middle by CSS pixels. */
export interface PinchMove {
  readonly factor: number;
  readonly right: number;
  readonly down: number;
  /** Where their middle is now. */
  readonly clientX: number;
  readonly clientY: number;
}

interface Grip {
  readonly distance: number;
  readonly clientX: number;
  readonly clientY: number;
}

/**
 * Follows two fingers on an element, while it is wanted. Others hear of them too, and so stay in step with what touches
 * the element; `going` tells them that these fingers mean nothing else.
 */
export class Pinch {
  private grip: Grip | undefined;
  private goesOn = false;

  constructor(
    element: HTMLElement,
    private readonly wanted: () => boolean,
    private readonly moved: (move: PinchMove) => void,
  ) {
    const options = { capture: true, passive: false };
    for (const type of ['touchstart', 'touchmove', 'touchend', 'touchcancel'] as const) {
      element.addEventListener(type, (event) => this.follow(event), options);
    }
  }

  /** From the second finger until one touches anew: what lifting the fingers looks like is no click either. */
  get going(): boolean {
    return this.goesOn;
  }

  private follow(event: TouchEvent): void {
    if (event.touches.length !== 2 || !this.wanted()) {
      this.grip = undefined;
      if (event.type === 'touchstart') this.goesOn = false;
      return;
    }
    const before = this.grip;
    const now = gripOf(event.touches[0], event.touches[1]);
    this.grip = now;
    this.goesOn = true;
    event.preventDefault();
    if (event.type !== 'touchmove' || !before) return;
    this.moved({
      factor: now.distance / before.distance,
      right: now.clientX - before.clientX,
      down: now.clientY - before.clientY,
      clientX: now.clientX,
      clientY: now.clientY,
    });
  }
}

function gripOf(one: Touch, other: Touch): Grip {
  return {
    // Fingers in the same place are no line to measure by.
    distance: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
    clientX: (one.clientX + other.clientX) / 2,
    clientY: (one.clientY + other.clientY) / 2,
  };
}
