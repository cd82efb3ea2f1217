/**
 * Every template (`apps/api/mail/NAME.txt`) with the values it may name beside `name` (the person's), `facility`, `contact` and
 * `portal` (the portal's address).
 */
export const MAIL_VALUES = {
  /** More of a quota: what was granted, until when, what staff say. */
  'quota-granted': ['subject', 'granted', 'until', 'answer'],
  'quota-partly-granted': ['subject', 'wanted', 'granted', 'until', 'answer'],
  'quota-refused': ['subject', 'wanted', 'answer'],
  /** A longer life of a desktop. */
  'life-granted': ['proposal', 'until', 'answer'],
  'life-partly-granted': ['proposal', 'wanted', 'until', 'answer'],
  'life-refused': ['proposal', 'wanted', 'answer'],
  /** A request for authorisation. */
  'access-granted': ['role', 'until', 'answer'],
  'access-refused': ['answer'],
  /** `link` is a secret of whoever gets the mail. */
  invitation: ['by', 'role', 'redeemBy', 'reason', 'link'],
  /** A desktop comes to the end of its life; `fate`: what becomes of its disk. */
  'desktop-ends': ['proposal', 'endsAt', 'fate', 'link'],
  /** A desktop nobody uses will be stopped. */
  'desktop-idle': ['proposal', 'endsAt', 'fate', 'link'],
} as const;

export type MailTemplate = keyof typeof MAIL_VALUES;
export type MailValues<T extends MailTemplate> = Record<(typeof MAIL_VALUES)[T][number], string>;

/** Of every mail. */
export const COMMON_VALUES = ['name', 'facility', 'contact', 'portal'] as const;

export const MAIL_TEMPLATES = Object.keys(MAIL_VALUES) as MailTemplate[];
