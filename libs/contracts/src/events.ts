import { z } from 'zod';
import { instanceView } from './instance';
import { restoreView } from './proposal';
import { quotaView } from './quota';

/**
 * What `GET /api/events` (websocket, text frames of JSON) sends. First a `snapshot`, then changes with rising `seq`;
 * a gap in `seq` means: reconnect. A DELETED instance comes once, so that pages can drop it. `ping` every 20 s.
 * `authorisation`: roles, a request or the ways to sign in of the person changed; ask `GET /api/session`, `/api/authorisation` and
 * `/api/account` how they stand.
 * `restore`: one that the person asked for changed its state; unnumbered, so after a gap the page looks for itself.
 * `announcements`: one was made, changed or ended; ask `GET /api/announcements/current`. Unnumbered too.
 * `request`: something about the person's own requests for quota or a longer life changed; ask `GET /api/quota-requests`. Unnumbered.
 * With `?about=authorisation` only that and `ping` are sent, one at the start, to anybody who is signed in.
 */
export const portalEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), seq: z.int(), instances: z.array(instanceView), quota: quotaView }),
  z.object({ type: z.literal('instance'), seq: z.int(), instance: instanceView, quota: quotaView }),
  z.object({ type: z.literal('quota'), seq: z.int(), quota: quotaView }),
  z.object({ type: z.literal('authorisation') }),
  z.object({ type: z.literal('restore'), proposalKey: z.string(), restore: restoreView }),
  z.object({ type: z.literal('announcements') }),
  z.object({ type: z.literal('request') }),
  z.object({ type: z.literal('ping') }),
]);
export type PortalEvent = z.infer<typeof portalEvent>;

/** Close codes of the event socket besides 1000/1001/1011: the login session is over; not authorised; wrong origin. */
export const EVENTS_CLOSE = { SIGNED_OUT: 4401, FORBIDDEN: 4403 } as const;
