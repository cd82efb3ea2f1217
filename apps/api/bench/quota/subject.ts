import type { Person } from '../../src/auth/person';
import { DesktopsService } from '../../src/desktops/desktops.service';
import { createDesktopApp } from '../../src/desktops/testing/desktop-app';
import { ApiError } from '../../src/http/api-error';
import { QuotaGlance } from '../../src/quotas/quota-glance';
import { LaunchQuota } from '../../src/quotas/launch-quota';
import { TEST_SITE } from '../../test/app/test-site';

/** Of the proposal that everybody is on. */
export const PLACES = 10;

const SITE = TEST_SITE.replace('quotas:\n', `quotas:\n  PROPOSAL: { machines: ${PLACES} }\n`).replace(
  'memoryLimitMib: 8192',
  'memoryLimitMib: 0',
);

/** As it is often written: looks at what is used, then inserts, and nobody waits for anybody. */
class UnlockedQuota extends LaunchQuota {
  override lock(): Promise<void> {
    return Promise.resolve();
  }
}

export interface Round {
  granted: number;
  /** Milliseconds from the first click to each answer. */
  times: number[];
}

/** One way of deciding, in an api of its own, with people who are all on one proposal. */
export interface Subject {
  name: string;
  round(): Promise<Round>;
  close(): Promise<void>;
}

export async function openSubject(name: string, people: number, locked: boolean): Promise<Subject> {
  const house = await createDesktopApp({
    site: SITE,
    override: (builder) =>
      locked
        ? builder
        : builder
            .overrideProvider(LaunchQuota)
            .useClass(UnlockedQuota)
            .overrideProvider(QuotaGlance)
            .useValue({ refusalFor: () => Promise.resolve(null) }),
  });
  try {
    const { dataSource, app } = house.api;
    const names = Array.from({ length: people }, (_, i) => `person${i}`);
    const rows = await dataSource.query<{ id: string; name: string }[]>(
      `WITH made AS (INSERT INTO user_account (name) SELECT unnest($1::text[]) RETURNING id, name),
         let AS (INSERT INTO authorisation (user_id, role, granted_by, reason) SELECT id, 'USER', 'bench', 'bench' FROM made)
       SELECT id, name FROM made`,
      [names],
    );
    const key = house.proposal('P-full', names);
    const persons = rows.map(({ id, name: account }): Person => ({
      ...{ id, name: account, email: null, roles: ['USER'], loginSid: 'bench' },
      catalogueAccounts: [{ catalogue: 'demo', name: account, groups: [] }],
    }));
    // The double copies a team of a thousand at each question: what is measured is the click, not that.
    const proposal = await house.catalogue.find({ catalogue: 'demo', name: 'person0', groups: [] }, key);
    if (!proposal) throw new Error('the catalogue has no proposal');
    house.catalogue.find = () => Promise.resolve({ ...proposal, team: [] });
    house.catalogue.isMember = () => Promise.resolve(true);
    const desktops = app.get(DesktopsService);
    return {
      name,
      round: async () => {
        await dataSource.query('TRUNCATE instance CASCADE');
        // No worker publishes here: the host must not fall silent in the middle of a round.
        await dataSource.query(`UPDATE host SET observed_at = now() + interval '1 hour'`);
        const begun = performance.now();
        const answers = await Promise.all(
          persons.map(async (person) => {
            const granted = await desktops.launch(person, key, {}).then(() => true, refusedForQuota);
            return { granted, ms: performance.now() - begun };
          }),
        );
        const [row] = await dataSource.query<{ n: number }[]>('SELECT count(*)::int AS n FROM instance');
        const granted = answers.filter((answer) => answer.granted).length;
        if (row?.n !== granted) throw new Error(`${granted} were granted, ${row?.n} are there`);
        return { granted, times: answers.map(({ ms }) => ms) };
      },
      close: () => house.close(),
    };
  } catch (error) {
    await house.close();
    throw error;
  }
}

function refusedForQuota(error: unknown): false {
  if (error instanceof ApiError && error.code === 'QUOTA_EXCEEDED') return false;
  throw error;
}
