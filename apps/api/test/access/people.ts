import type { MemberRole, Role } from '@beamdesk/contracts';
import { IdentityEntity } from '../../src/auth/entities/identity.entity';
import type { DesktopApp } from '../../src/desktops/testing/desktop-app';
import type { FakeIdentity, FakeProvider } from '../identities/fake-provider';
import { type Caller, CALLERS, type PerCaller } from './callers';

/** A caller as it stands at the beginning of every call. */
export interface Person {
  /** '' = nobody. */
  userId: string;
  identity: FakeIdentity;
  /** Name and value of the portal's cookies. */
  cookies: [string, string][];
  csrfToken: string;
}

interface Told {
  roles: Role[];
  inTeam?: boolean;
  member?: MemberRole;
}

const ABOUT: PerCaller<Told | null> = {
  nobody: null,
  unauthorised: { roles: ['ADMIN'], inTeam: true, member: 'USER' },
  unaccepted: { roles: ['ADMIN'], inTeam: true, member: 'USER' },
  stranger: { roles: ['USER'] },
  team: { roles: ['USER'], inTeam: true },
  owner: { roles: ['USER'], inTeam: true, member: 'OWNER' },
  user: { roles: ['USER'], inTeam: true, member: 'USER' },
  guest: { roles: ['USER'], inTeam: true, member: 'GUEST' },
  supporter: { roles: ['SUPPORT'], member: 'SUPPORT' },
  staff: { roles: ['STAFF'] },
  otherStaff: { roles: ['STAFF'] },
  support: { roles: ['SUPPORT'] },
  admin: { roles: ['ADMIN'] },
};

/** Catalogue accounts of the team; a caller's account has its name. */
export const TEAM = CALLERS.filter((caller) => ABOUT[caller]?.inTeam);

/** Members of the desktop beside its owner. */
export const MEMBERS = CALLERS.flatMap((caller) => {
  const role = ABOUT[caller]?.member;
  return role && role !== 'OWNER' ? [{ caller, role }] : [];
});

/** Signs everybody in, at both providers the same people; what is taken back afterwards is `unauthorised`'s. */
export async function makePeople(house: DesktopApp, second: FakeProvider): Promise<PerCaller<Person>> {
  const { api } = house;
  const { dataSource } = api;
  const people = {} as PerCaller<Person>;
  for (const caller of CALLERS) {
    const about = ABOUT[caller];
    const browser = api.browser();
    let userId = '';
    let identity: FakeIdentity = { sub: caller, name: `${caller} Tester`, email: `${caller}@test.example` };
    if (about) {
      ({ userId, identity } = await api.person(caller, about.roles));
      await dataSource.manager.insert(IdentityEntity, { userId, issuer: second.issuer, subject: caller });
      await browser.signIn(identity);
      const version = caller === 'unaccepted' ? 'of-old' : '1';
      await dataSource.query('INSERT INTO conditions_acceptance (user_id, version) VALUES ($1, $2)', [userId, version]);
    }
    const { csrfToken } = (await browser.get('/api/session')).body as { csrfToken: string };
    // Lists have a copy to come from, so that looking at one changes nothing.
    if (about && caller !== 'unaccepted') await browser.get('/api/proposals');
    const cookies = browser
      .cookies()
      .split('; ')
      .map((pair): [string, string] => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), pair.slice(at + 1)];
      });
    people[caller] = { userId, identity, cookies, csrfToken };
  }
  const beamlines = { staff: ['id11-diff'], otherStaff: ['bm18-tomo'] };
  for (const [caller, of] of Object.entries(beamlines)) {
    await dataSource.query(`UPDATE authorisation SET beamlines = $2 WHERE user_id = $1 AND role = 'STAFF'`, [
      people[caller as Caller].userId,
      of,
    ]);
  }
  await dataSource.query(
    `UPDATE authorisation SET expires_at = now() - interval '1 second', taken_back_by = $2 WHERE user_id = $1`,
    [people.unauthorised.userId, people.admin.userId],
  );
  return people;
}
