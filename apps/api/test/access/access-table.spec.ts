import { call, type Called, madeUp, requestOf } from './call';
import { type Caller, CALLERS } from './callers';
import { AccessHouse } from './house';
import { isRefusal, type Row } from './row';
import { ROWS } from './rows';

jest.setTimeout(120_000);

describe('who gets which answer at every route', () => {
  let house: AccessHouse;

  beforeAll(async () => {
    house = await AccessHouse.open();
  });
  afterAll(() => house?.close());

  it('has one row for each route of openapi.json, and none for another', async () => {
    const { body } = await house.browser('nobody').get('/api/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
    );
    expect(ROWS.map(({ route }) => route).sort()).toEqual(routes.sort());
  });

  it.each(ROWS)('$route', async (row) => {
    const seen: Partial<Record<Caller, string>> = {};
    const changed: Partial<Record<Caller, boolean>> = {};
    const shown: string[] = [];
    const wrong: string[] = [];
    for (const caller of CALLERS) {
      const called = await call(house, row, caller);
      seen[caller] = called.said;
      changed[caller] = called.changed.length > 0;
      if (isRefusal(called.said)) {
        if (called.changed.length > 0) wrong.push(`${caller} was refused, and changed ${called.changed.join(', ')}`);
      } else shown.push(...misshown(row, caller, called));
    }
    expect(seen).toEqual(row.answers);
    expect(wrong).toEqual([]);
    expect(changed).toEqual(row.changes);
    expect(shown).toEqual([]);
    expect(Object.values(seen).some((answer) => !isRefusal(answer))).toBe(true);
  });

  function misshown({ shows }: Row, caller: Caller, { answer }: Called): string[] {
    return shows
      .filter(({ what, to }) => answer.text.includes(what(house)) !== (to[caller] === 'y'))
      .map(({ what }) => `${caller}: ${what(house)}`);
  }

  const naming = ROWS.filter(({ answers }) => Object.values(answers).includes('404 NOT_FOUND'));
  it.each(naming)('$route answers what is not theirs as what is not there', async (row) => {
    for (const caller of CALLERS.filter((one) => row.answers[one] === '404 NOT_FOUND')) {
      const theirs = await call(house, row, caller);
      const nothing = await call(house, row, caller, { params: madeUp(await requestOf(house, row, caller)) });
      expect({ ...(theirs.answer.body as object), requestId: '' }).toEqual({
        ...(nothing.answer.body as object),
        requestId: '',
      });
    }
  });

  const changing = ROWS.filter(({ route }) => !route.startsWith('GET '));
  it.each(changing)('$route takes nothing that a page of ours did not send', async (row) => {
    const caller = CALLERS.find((one) => !isRefusal(row.answers[one])) ?? 'nobody';
    const csrf = await call(house, row, caller, { headers: { 'X-CSRF-Token': house.people.admin.csrfToken.slice(1) } });
    const origin = await call(house, row, caller, { headers: { Origin: 'https://evil.example' } });
    expect([csrf, origin].map(({ said, changed }) => ({ said, changed }))).toEqual([
      { said: '403 CSRF', changed: [] },
      { said: '403 WRONG_ORIGIN', changed: [] },
    ]);
  });
});
