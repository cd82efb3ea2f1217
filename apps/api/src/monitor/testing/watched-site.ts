import { createDesktopApp, type DesktopApp } from '../../desktops/testing/desktop-app';
import type { InstanceEntity } from '../../instances/entities/instance.entity';
import { seedInstance } from '../../sessions/testing/seed-instance';
import type { TestBrowser } from '../../../test/app/browser';

/** Two owners with desktops at two beamlines; staff of each, support and an administrator. */
export interface WatchedSite {
  house: DesktopApp;
  /** Browsers of `staff` (id11-diff), `other` (bm18-tomo), `support`, `admin`, and of the owners `ada` and `bo`. */
  as: Record<'staff' | 'other' | 'support' | 'admin' | 'ada' | 'bo', TestBrowser>;
  ids: Record<string, string>;
  /** A desktop of that owner, READY unless said otherwise. */
  desktop(owner: 'ada' | 'bo', set?: Partial<InstanceEntity>): Promise<string>;
}

export async function watchedSite(): Promise<WatchedSite> {
  const house = await createDesktopApp();
  const { dataSource } = house.api;
  const as = {} as WatchedSite['as'];
  const ids: Record<string, string> = {};
  const roles = {
    staff: 'STAFF',
    other: 'STAFF',
    support: 'SUPPORT',
    admin: 'ADMIN',
    ada: 'USER',
    bo: 'USER',
  } as const;
  for (const [name, role] of Object.entries(roles)) {
    const { browser, userId } = await house.signedIn(name, [role]);
    as[name as keyof typeof roles] = browser;
    ids[name] = userId;
  }
  for (const [name, beamline] of [
    ['staff', 'id11-diff'],
    ['other', 'bm18-tomo'],
  ] as const) {
    await dataSource.query('UPDATE authorisation SET beamlines = $2 WHERE user_id = $1', [ids[name], [beamline]]);
  }
  let made = 0;
  return {
    ...{ house, as, ids },
    desktop: (owner, set = {}) => {
      made += 1;
      const expiresAt = new Date(Date.now() + 3_600_000);
      const columns = { proposalKey: `demo:Lumina:p${made}`, proposalName: `p${made}`, expiresAt, ...set };
      return seedInstance(house.api.app, ids[owner] ?? '', columns);
    },
  };
}
