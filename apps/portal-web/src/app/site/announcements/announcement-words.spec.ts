import { announcementWish, localTime } from './announcement-words';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const fields = { kind: 'info', text: ' Beam is back. ', startsAt: '', endsAt: '', ahead: '0' };

describe('announcementWish', () => {
  it('is shown from now on until it is ended, unless said otherwise', () => {
    const at = '2026-11-21T12:00:00.000Z';
    expect(announcementWish(fields, now)).toEqual({
      ...{ kind: 'info', text: 'Beam is back.', shownFrom: at, startsAt: at, endsAt: null },
    });
  });

  it('takes local times, and shows a maintenance as long ahead as is wanted', () => {
    const [start, end] = ['2026-12-01T08:00:00.000Z', '2026-12-01T12:30:00.000Z'];
    const given = { ...fields, kind: 'maintenance', startsAt: localTime(start), endsAt: localTime(end), ahead: '24' };
    expect(announcementWish(given, now)).toMatchObject({
      ...{ kind: 'maintenance', startsAt: start, endsAt: end, shownFrom: '2026-11-30T08:00:00.000Z' },
    });
  });

  it.each([
    ['Say what', { text: ' a ' }],
    ['Say from when', { startsAt: 'soon' }],
    ['Say until when', { endsAt: 'soon' }],
    ['end before it starts', { startsAt: '2026-12-02T08:00', endsAt: '2026-12-01T08:00' }],
    ['in the past', { startsAt: '2026-10-01T08:00', endsAt: '2026-11-01T08:00' }],
  ])('says what is lacking: %s', (said, change) => {
    expect(announcementWish({ ...fields, ...change }, now)).toContain(said);
  });
});
