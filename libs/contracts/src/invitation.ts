import { z } from 'zod';
import { beamlineId, line, paging, roleTerms, text } from './input';
import { role } from './session';

/** The longest that an invitation can be accepted, in days from when it is made. */
export const INVITATION_MAX_DAYS = 90;

/** The one-time code of an invitation: 24 random bytes, base64url. */
export const invitationCode = z.string().regex(/^[\w-]{32}$/, 'is no code of an invitation');

/** Body of `POST /api/auth/invitation`, answered 204 whatever the code is worth. */
export const handedCode = z.strictObject({ code: z.string().min(1).max(200) }).meta({ id: 'InvitationCode' });
export type HandedCode = z.infer<typeof handedCode>;

/** `POST /api/invitations` */
export const invitationWish = z
  .strictObject({
    /** For whom; shown, and nothing is matched by it. */
    name: line(200),
    /** Shown; nothing is matched by it. */
    email: line(320).nullable(),
    /** The link goes to that address, too. */
    byMail: z.boolean().default(false),
    role,
    ...roleTerms,
    /** Until when it can be accepted: in the future, 90 days at most, and before the role would end. */
    redeemBy: z.iso.datetime({ offset: true }),
    reason: text(3, 2000),
  })
  .meta({ id: 'InvitationWish' });
export type InvitationWish = z.infer<typeof invitationWish>;
/** As it is sent. */
export type GivenInvitationWish = z.input<typeof invitationWish>;

/**
 * - `open`: can be accepted
 * - `used`: was accepted
 * - `expired`: was not in time
 * - `withdrawn`: taken back before anybody accepted it
 * - `lapsed`: whoever made it may no longer grant that role
 */
export const invitationState = z
  .enum(['open', 'used', 'expired', 'withdrawn', 'lapsed'])
  .meta({ id: 'InvitationState' });
export type InvitationState = z.infer<typeof invitationState>;

/** An invitation as those see it who make them. Never its code. */
export const invitationView = z
  .object({
    id: z.uuid(),
    state: invitationState,
    name: z.string(),
    email: z.string().nullable(),
    role,
    beamlines: z.array(beamlineId).nullable(),
    until: z.iso.datetime().nullable(),
    redeemBy: z.iso.datetime(),
    reason: z.string(),
    madeAt: z.iso.datetime(),
    /** By name; null: somebody whose account is gone. */
    madeBy: z.string().nullable(),
    /** When it was accepted or withdrawn, and by whom, by name; null as long as neither happened. */
    endedAt: z.iso.datetime().nullable(),
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'Invitation' });
export type InvitationView = z.infer<typeof invitationView>;

/** The only answer that holds the link. The code is its fragment, which browsers send to no server. */
export const madeInvitation = z
  .object({ invitation: invitationView, link: z.url(), /** It is on its way to the address, too. */ mailed: z.boolean() })
  .meta({ id: 'MadeInvitation' });
export type MadeInvitation = z.infer<typeof madeInvitation>;

/** `GET /api/invitations`. open: the first to run out first; closed: the last one made first. */
export const invitationsQuery = z.strictObject({ state: z.enum(['open', 'closed']).default('open'), ...paging });
export type InvitationsQuery = z.infer<typeof invitationsQuery>;

const beamlineName = z.object({ id: z.string(), name: z.string() });

export const invitationsPage = z
  .object({
    items: z.array(invitationView),
    total: z.int().nonnegative(),
    /** To what the one who asks may invite. */
    roles: z.array(role),
    beamlines: z.array(beamlineName),
    /** The portal can send them by mail. */
    mail: z.boolean(),
  })
  .meta({ id: 'InvitationsPage' });
export type InvitationsPage = z.infer<typeof invitationsPage>;

/** `GET /api/authorisation/invitation`: what the invitation offers whose code this browser handed in. */
export const invitationOffer = z
  .object({
    /** For whom it was made. */
    name: z.string(),
    role,
    /** Names of beamlines, of STAFF; null: all of them. */
    beamlines: z.array(z.string()).nullable(),
    until: z.iso.datetime().nullable(),
    redeemBy: z.iso.datetime(),
    reason: z.string(),
    /** Who offers it, by name. */
    madeBy: z.string(),
  })
  .meta({ id: 'InvitationOffer' });
export type InvitationOffer = z.infer<typeof invitationOffer>;
