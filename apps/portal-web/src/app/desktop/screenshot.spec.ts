import { screenshotName } from './screenshot';

describe('screenshotName', () => {
  const when = new Date(2026, 2, 1, 9, 5, 7);

  it.each([
    ['20260301', '20260301-2026-03-01-090507.png'],
    ['HRPT/2026 no. 7', 'HRPT-2026-no.-7-2026-03-01-090507.png'],
    ['../../etc', 'etc-2026-03-01-090507.png'],
    ['Größe', 'Größe-2026-03-01-090507.png'],
    ['//', 'desktop-2026-03-01-090507.png'],
  ])('of %s', (proposal, name) => expect(screenshotName(proposal, when)).toBe(name));
});
