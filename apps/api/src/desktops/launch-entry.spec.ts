import type { AuditEntryView, AuditPage, InstanceView } from '@beamdesk/contracts';
import { createDesktopApp, type DesktopApp } from './testing/desktop-app';

describe('what the audit keeps of a desktop', () => {
  let house: DesktopApp;
  beforeAll(async () => (house = await createDesktopApp()));
  afterAll(() => house?.close());

  it('tells of its launch with plan, image and data, and of its end with who wanted it; of a refused launch nothing', async () => {
    const key = house.proposal('P1', ['ada']);
    const { browser: ada, userId } = await house.signedIn('ada');
    const { browser: admin } = await house.signedIn('root', ['ADMIN']);
    const told = async (): Promise<AuditEntryView[]> =>
      ((await admin.get(`/api/audit?person=${userId}&q=desktop-`)).body as AuditPage).items;

    const refused = await ada.send('PUT', `/api/proposals/${encodeURIComponent(key)}/services/desktop`, {
      plan: 'nothing',
    });
    expect(refused.status).toBe(409);
    expect(await told()).toEqual([]);

    const launched = await ada.send('PUT', `/api/proposals/${encodeURIComponent(key)}/services/desktop`, {});
    const { id } = launched.body as InstanceView;
    await ada.send('PUT', `/api/proposals/${encodeURIComponent(key)}/services/desktop`, {});
    const [launch, ...more] = await told();
    expect(more).toEqual([]);
    expect(launch).toMatchObject({
      ...{ kind: 'desktop-launched', actor: { id: userId }, subject: { id: userId } },
      details: {
        desktop: id,
        proposal: 'P1',
        proposalKey: key,
        plan: 'tiny',
        image: 'tiny',
        imageSha256: 'a'.repeat(64),
        keptDisk: false,
      },
    });
    const data = launch?.details['data'] as string[];
    expect(data.some((folder) => folder.endsWith('/P1 (9p, read-only)'))).toBe(true);
    expect(data.some((folder) => folder.endsWith('(9p, writable)'))).toBe(true);

    await ada.send('POST', `/api/instances/${id}/stop`);
    await ada.send('POST', `/api/instances/${id}/stop`);
    const [stop, before] = await told();
    expect(stop).toMatchObject({
      kind: 'desktop-stopped',
      actor: { id: userId },
      details: { desktop: id, by: 'stopped' },
    });
    expect(before?.id).toBe(launch?.id);
  });
});
