import { Ending } from './guacd/guacamole-status';
import type { Tunnel } from './tunnel';

/** Who hears how far a session got. */
export interface TunnelWatcher {
  /** guacd is ready, so many seconds after the websocket opened. */
  tunnelOpened(seconds: number): void;
  /** The session is over. Comes once and last. */
  tunnelEnded(tunnel: Tunnel, ending: Ending): void;
}
