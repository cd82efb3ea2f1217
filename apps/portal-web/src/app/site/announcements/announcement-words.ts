import type { AnnouncementKind, AnnouncementState, AnnouncementWish } from '@beamdesk/contracts';

export const KIND_WORDS: Readonly<Record<AnnouncementKind, string>> = {
  info: 'Worth knowing',
  warning: 'Warning',
  maintenance: 'Maintenance: no new desktops',
};

export const STATE_WORDS: Readonly<Record<AnnouncementState, string>> = {
  upcoming: 'not shown yet',
  shown: 'shown now',
  over: 'over',
};

/** As the dialog's fields have it: local times, '' where there is none. */
export interface AnnouncementFields {
  readonly kind: string;
  readonly text: string;
  readonly startsAt: string;
  readonly endsAt: string;
  /** Hours before the start from which it is shown. */
  readonly ahead: string;
}

const two = (value: number) => String(value).padStart(2, '0');

/** An ISO time as a `datetime-local` field has it, in the browser's time zone. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const HOUR_MS = 3_600_000;

/** A string says what is lacking. */
export function announcementWish(fields: AnnouncementFields, now: number): AnnouncementWish | string {
  const text = fields.text.trim();
  const start = fields.startsAt === '' ? now : Date.parse(fields.startsAt);
  const end = fields.endsAt === '' ? null : Date.parse(fields.endsAt);
  if (text.length < 3) return 'Say what people should know.';
  if (Number.isNaN(start)) return 'Say from when, as day and time.';
  if (end !== null && Number.isNaN(end)) return 'Say until when, as day and time, or leave it empty.';
  if (end !== null && end <= start) return 'It would end before it starts.';
  if (end !== null && end <= now) return 'Its end is in the past.';
  const shown = start - Number(fields.ahead) * HOUR_MS;
  return {
    kind: fields.kind === 'maintenance' || fields.kind === 'warning' ? fields.kind : 'info',
    text,
    shownFrom: new Date(shown).toISOString(),
    startsAt: new Date(start).toISOString(),
    endsAt: end === null ? null : new Date(end).toISOString(),
  };
}
