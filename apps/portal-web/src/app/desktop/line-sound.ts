import { signal } from '@angular/core';
import type { DisplayConnection } from './remote-display/remote-display';

/** The sound of a page's desktop: whether there is any, and whether it is wanted. Outlives single connections. */
export class DesktopSound {
  private connection: Pick<DisplayConnection, 'mute'> | undefined;
  private readonly has = signal(false);
  private readonly silenced = signal(false);

  /** The desktop has begun to play something. */
  readonly present = this.has.asReadonly();
  readonly muted = this.silenced.asReadonly();

  connected(connection: Pick<DisplayConnection, 'mute'>): void {
    this.connection = connection;
    if (this.silenced()) connection.mute(true);
  }

  began(): void {
    this.has.set(true);
  }

  toggle(): void {
    this.silenced.update((muted) => !muted);
    this.connection?.mute(this.silenced());
  }
}
