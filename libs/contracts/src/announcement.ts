import { z } from 'zod';
import { text } from './input';

/** When one is shown at most, counted from when it is made: two years ahead is a slip of the hand. */
export const ANNOUNCEMENT_MAX_DAYS = 731;

/**
 * - `info`: worth knowing
 * - `warning`: will be felt
 * - `maintenance`: no new desktops while it lasts, but for administrators; those that run go on
 */
export const announcementKind = z.enum(['info', 'warning', 'maintenance']).meta({ id: 'AnnouncementKind' });
export type AnnouncementKind = z.infer<typeof announcementKind>;

const times = {
  startsAt: z.iso.datetime({ offset: true }),
  /** After the start, and not yet past; null: until somebody ends it. */
  endsAt: z.iso.datetime({ offset: true }).nullable(),
};

/** `POST /api/announcements`, `PUT /api/announcements/{id}` */
export const announcementWish = z
  .strictObject({
    kind: announcementKind,
    /** Plain text. */
    text: text(3, 1000),
    /** From when pages show it; before the start it tells what is to come. */
    shownFrom: z.iso.datetime({ offset: true }),
    ...times,
  })
  .meta({ id: 'AnnouncementWish' });
export type AnnouncementWish = z.infer<typeof announcementWish>;

/** As everybody sees it, also before they sign in. */
export const announcementView = z
  .object({
    id: z.uuid(),
    kind: announcementKind,
    text: z.string(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Announcement' });
export type AnnouncementView = z.infer<typeof announcementView>;

/** `GET /api/announcements/current`: what is shown now, maintenance first, then warnings; the newest of each first. */
export const announcementsView = z
  .object({
    items: z.array(announcementView),
    /** When the answer will be another one by the clock alone; null: not as far as is known. */
    changesAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'CurrentAnnouncements' });
export type AnnouncementsView = z.infer<typeof announcementsView>;

/** `upcoming`: nobody sees it yet; `shown`: pages show it; `over`: its time is over, or somebody ended it. */
export const announcementState = z.enum(['upcoming', 'shown', 'over']).meta({ id: 'AnnouncementState' });
export type AnnouncementState = z.infer<typeof announcementState>;

/** As those see it who make them. */
export const keptAnnouncementView = announcementView
  .extend({
    state: announcementState,
    shownFrom: z.iso.datetime(),
    madeAt: z.iso.datetime(),
    /** By name; null: the account is gone. */
    madeBy: z.string().nullable(),
  })
  .meta({ id: 'KeptAnnouncement' });
export type KeptAnnouncementView = z.infer<typeof keptAnnouncementView>;

/** `GET /api/announcements`: the latest 100, by their start. */
export const keptAnnouncements = z.object({ items: z.array(keptAnnouncementView) }).meta({ id: 'KeptAnnouncements' });
export type KeptAnnouncements = z.infer<typeof keptAnnouncements>;
