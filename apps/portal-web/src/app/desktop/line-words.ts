import { LineQuality } from './remote-display/line-meter';

/** How well one can work over a line. */
export type LineGrade = 'unknown' | 'good' | 'fair' | 'slow';

/** Up to here an answer is felt as immediate, and up to there as late but usable. */
const GOOD_MS = 100;
const FAIR_MS = 250;

export function lineGrade({ latencyMs }: Pick<LineQuality, 'latencyMs'>): LineGrade {
  if (latencyMs === null) return 'unknown';
  return latencyMs <= GOOD_MS ? 'good' : latencyMs <= FAIR_MS ? 'fair' : 'slow';
}

/** What the figures mean for who works over this line, and what helps. */
export function lineSentence(quality: Pick<LineQuality, 'latencyMs'>): string {
  const { latencyMs } = quality;
  switch (lineGrade(quality)) {
    case 'unknown':
      return 'The line is being measured.';
    case 'good':
      return `Your line answers quickly: ${latencyMs} ms to the portal and back.`;
    case 'fair':
      return `Your line answers with some delay: ${latencyMs} ms to the portal and back. What you type appears a little late.`;
    case 'slow':
      return (
        `Your line answers slowly: ${latencyMs} ms to the portal and back. What you type and point at appears late. ` +
        'A cable instead of Wi-Fi, or fewer downloads and calls at the same time, often helps. The desktop itself is not slower.'
      );
  }
}

/** "23 ms"; a dash before the first answer. */
export function latencyWords({ latencyMs }: Pick<LineQuality, 'latencyMs'>): string {
  return latencyMs === null ? '–' : `${latencyMs} ms`;
}

/** "840 kB/s", "1.2 MB/s". */
export function bandwidthWords({ bytesPerSecond }: Pick<LineQuality, 'bytesPerSecond'>): string {
  const kilobytes = Math.round(bytesPerSecond / 1000);
  return kilobytes < 1000 ? `${kilobytes} kB/s` : `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
}
