import { Injectable } from '@angular/core';
import { DisplayConnection, DisplayListener, DisplayRequest, RemoteDisplay } from './remote-display';
import type { GuacamoleConnection } from './guacamole-connection';

/** Shows desktops that come through guacd. Everything of Guacamole is in a chunk of its own, loaded on first use. */
@Injectable()
export class GuacamoleDisplay extends RemoteDisplay {
  private loading: Promise<typeof GuacamoleConnection> | undefined;

  override async load(): Promise<void> {
    await this.connectionClass();
  }

  override async connect(
    frame: HTMLElement,
    request: DisplayRequest,
    listener: DisplayListener,
  ): Promise<DisplayConnection> {
    const Connection = await this.connectionClass();
    return new Connection(frame, request, listener);
  }

  /** A failed load (network cut) is tried again with the next connection. */
  private connectionClass(): Promise<typeof GuacamoleConnection> {
    this.loading ??= import('./guacamole-connection')
      .then((module) => module.GuacamoleConnection)
      .catch((error: unknown) => {
        this.loading = undefined;
        throw error;
      });
    return this.loading;
  }
}
