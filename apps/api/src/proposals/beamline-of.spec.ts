import { beamlineOf } from './beamline-of';

const site = { beamlines: ['id11', 'bm18'].map((id) => ({ id, name: id, technique: '', techniques: [] })) };
const visit = (id: string, start: string | null) => ({
  ...{ id: '1', beamline: { id, name: id, technique: '' } },
  ...{ start: start === null ? null : new Date(start), end: null },
});

describe('beamlineOf', () => {
  it.each([
    ['the latest', [visit('id11', '2026-01-01'), visit('bm18', '2026-03-01')], 'bm18'],
    ['the latest that the site knows', [visit('id11', '2026-01-01'), visit('far', '2026-03-01')], 'id11'],
    ['one with a date before one without', [visit('bm18', null), visit('id11', '2020-01-01')], 'id11'],
    ['always the same of two on one day', [visit('id11', '2026-01-01'), visit('bm18', '2026-01-01')], 'bm18'],
    ['one without a date', [visit('bm18', null)], 'bm18'],
    ['none', [visit('far', '2026-03-01')], null],
    ['none without visits', [], null],
  ])('is %s', (_, visits, expected) => expect(beamlineOf({ visits }, site)).toBe(expected));
});
