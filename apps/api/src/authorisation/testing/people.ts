import type { PeoplePage, PersonForStaff } from '@beamdesk/contracts';
import type { Answer, TestBrowser } from '../../../test/app/browser';

export const people = async (browser: TestBrowser, query = ''): Promise<PeoplePage> =>
  (await browser.get(`/api/people?limit=100${query}`)).body as PeoplePage;

/** As `browser` sees them, among everybody with a login. @throws Error where they are not seen */
export async function seen(browser: TestBrowser, userId: string): Promise<PersonForStaff> {
  const found = (await people(browser, '&show=all')).items.find(({ id }) => id === userId);
  if (!found) throw new Error(`${userId} is not seen`);
  return found;
}

export const grantRole = (browser: TestBrowser, userId: string, change: object = {}): Promise<Answer> =>
  browser.send('POST', `/api/people/${userId}/roles`, {
    ...{ role: 'USER', until: null, beamlines: null, reason: 'Works with us.' },
    ...change,
  });

export const changeRole = (browser: TestBrowser, id: string | undefined, change: object = {}): Promise<Answer> =>
  browser.send('PUT', `/api/authorisations/${id}`, { until: null, beamlines: null, reason: 'Stays on.', ...change });

export const endRole = (browser: TestBrowser, id: string | undefined, reason = 'Left the team.'): Promise<Answer> =>
  browser.send('POST', `/api/authorisations/${id}/end`, { reason });
