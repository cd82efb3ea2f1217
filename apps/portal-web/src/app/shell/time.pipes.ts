import { Pipe, PipeTransform } from '@angular/core';

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const MOMENT = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** An ISO time as a day in the browser's language and time zone. */
@Pipe({ name: 'bdDay' })
export class DayPipe implements PipeTransform {
  transform(iso: string): string {
    return DAY.format(new Date(iso));
  }
}

/** An ISO time as day and minute in the browser's language and time zone. */
@Pipe({ name: 'bdMoment' })
export class MomentPipe implements PipeTransform {
  transform(iso: string): string {
    return MOMENT.format(new Date(iso));
  }
}

/** The days of a visit: one day, or from – to. */
@Pipe({ name: 'bdDays' })
export class DaysPipe implements PipeTransform {
  transform({ start, end }: { start: string | null; end: string | null }): string {
    if (start === null) return end === null ? 'date not set' : `until ${DAY.format(new Date(end))}`;
    return end === null ? `from ${DAY.format(new Date(start))}` : DAY.formatRange(new Date(start), new Date(end));
  }
}
