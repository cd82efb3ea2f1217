const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stopwatch: "0:07", "12:40", "1:02:03". Negative counts as zero. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const tail = `${minutes % 60 < 10 && seconds < 3600 ? minutes % 60 : pad(minutes % 60)}:${pad(seconds % 60)}`;
  return seconds < 3600 ? tail : `${Math.floor(seconds / 3600)}:${tail}`;
}

/** What is left, in the two largest units: "3 d 4 h", "7 h 59 min", "4 min 10 s", "now" when it is over. */
export function remaining(ms: number): string {
  if (ms <= 0) return 'now';
  if (ms >= DAY) return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
  if (ms >= HOUR) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  if (ms >= MINUTE) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  return `${Math.ceil(ms / SECOND)} s`;
}

/** How long ago, in one unit: "just now", "4 min ago", "2 h ago", "3 d ago". */
export function ago(ms: number): string {
  if (ms < MINUTE) return 'just now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} h ago` : `${Math.floor(ms / DAY)} d ago`;
}

/** The life of a desktop in words: 480 → "8 hours". */
export function lifetime(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880 ? `${trim(minutes / 60)} hours` : `${trim(minutes / 1440)} days`;
}

function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}
