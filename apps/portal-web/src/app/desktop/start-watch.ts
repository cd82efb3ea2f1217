import { signal } from '@angular/core';
import type { InstanceView } from '@beamdesk/contracts';
import { DesktopStatus } from './desktop-status';

/** Notes that a page saw its desktop start, so that the way to the first picture can be shown as one. */
export class StartWatch {
  private readonly saw = signal(false);

  /** Looks at an instance that nothing is connected to. READY changes nothing: it may be the end of a start. */
  look({ state, wanted }: InstanceView): void {
    const starting = state === 'REQUESTED' || state === 'BUILDING' || state === 'STARTING';
    if (state !== 'READY') this.saw.set(starting && wanted === 'RUNNING');
  }

  /** The picture is there, or the page is about another desktop. */
  over(): void {
    this.saw.set(false);
  }

  /** Reads a signal. Still on the way: nothing connected yet, or the first attempt. */
  goesOn(status: DesktopStatus): boolean {
    return this.saw() && (status.kind === 'idle' || ('attempt' in status && status.reason === null));
  }
}
