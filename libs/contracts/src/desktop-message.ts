import { z } from 'zod';
import { role } from './session';

/** At most this many characters; plain text. */
export const MESSAGE_LENGTH = 500;

/** What staff wrote to the owner of a desktop; the owner alone is shown it, until it is dismissed. */
export const desktopMessage = z
  .object({
    id: z.uuid(),
    /** The desktop, which may be gone. */
    desktop: z.uuid(),
    proposalName: z.string(),
    text: z.string(),
    at: z.iso.datetime(),
    from: role,
  })
  .meta({ id: 'DesktopMessage' });
export type DesktopMessage = z.infer<typeof desktopMessage>;

/** `GET /api/messages`: those of one's own desktops that were not dismissed, newest first. */
export const desktopMessages = z.object({ items: z.array(desktopMessage) }).meta({ id: 'DesktopMessages' });
export type DesktopMessages = z.infer<typeof desktopMessages>;
