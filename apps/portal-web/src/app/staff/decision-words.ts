import type { Role } from '@beamdesk/contracts';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  USER: 'User: their own proposals',
  STAFF: 'Staff: lets people in, sees templates',
  SUPPORT: 'Support: looks on at desktops',
  ADMIN: 'Administrator: everything',
};

/** As a badge beside a name. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  USER: 'User',
  STAFF: 'Staff',
  SUPPORT: 'Support',
  ADMIN: 'Administrator',
};

const two = (value: number) => String(value).padStart(2, '0');

/** As a date field has it, in the browser's time zone. */
function day(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** An ISO time as a date field has it, in the browser's time zone. */
export function dayOf(iso: string): string {
  return day(new Date(iso));
}

/** The day that lies so many days ahead, as a date field has it. */
export function inDays(now: number, days: number): string {
  const date = new Date(now);
  return day(new Date(date.getFullYear(), date.getMonth(), date.getDate() + days));
}

export function tomorrow(now: number): string {
  return inDays(now, 1);
}

export function inOneYear(now: number): string {
  const date = new Date(now);
  return day(new Date(date.getFullYear() + 1, date.getMonth(), date.getDate()));
}

/** The last second of that day in the browser's time zone, as ISO 8601; '' where it is no day. */
export function endOfDay(value: string): string {
  const end = new Date(`${value}T23:59:59`);
  return Number.isNaN(end.getTime()) ? '' : end.toISOString();
}

/** An ISO time as a `datetime-local` field has it: day and minute in the browser's time zone. */
export function localMinute(iso: string): string {
  const date = new Date(iso);
  return `${day(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
