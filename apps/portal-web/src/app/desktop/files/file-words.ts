const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** "0 bytes", "1 byte", "999 bytes", "1.5 kB", "12 MB", "5 GB"; thousands, as disks and lines are counted. */
export function byteWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes;
  let unit = -1;
  // 999 950 would be written as "1000 kB".
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${UNITS[Math.max(unit, 0)]}`;
}

/** "1 file", "12 files". */
export function fileCount(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

/** "21 Nov 2026, 14:03" in the person's own way and time zone. */
export function whenWords(iso: string): string {
  return FORMAT.format(new Date(iso));
}

const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
