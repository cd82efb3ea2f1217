import { randomUUID } from 'node:crypto';
import type { InstanceView, MemberRole } from '@beamdesk/contracts';
import { displayFixed, HypervisorError } from '@beamdesk/hypervisor';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { MemberEntity } from '../instances/entities/member.entity';

const SIZE = { width: 1504, height: 846 };

describe('the size of a screen', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  let bo: TestBrowser;
  let boId: string;
  let id: string;

  beforeAll(async () => {
    house = await createDesktopApp({ worker: true });
    ({ browser: ada } = await house.signedIn('ada'));
    ({ browser: bo, userId: boId } = await house.signedIn('bo'));
    const key = house.proposal('screens', ['ada', 'bo']);
    id = ((await ada.send('PUT', `/api/proposals/${key}/services/desktop`, {})).body as InstanceView).id;
    await until('READY');
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    await house.machines.setDisplay(id, { width: 1280, height: 800 });
    await house.api.dataSource.manager.delete(MemberEntity, { instanceId: id, userId: boId });
    await house.api.dataSource.manager.update(InstanceEntity, { id }, { consoleProtocol: 'vnc' });
  });
  afterEach(() => jest.restoreAllMocks());

  async function until(state: string): Promise<void> {
    for (const end = Date.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const view = (await ada.get(`/api/instances/${id}`)).body as InstanceView;
      if (view.state === state) return;
      if (Date.now() > end) throw new Error(`${id} is ${view.state}, not ${state}`);
    }
  }
  const ask = (browser: TestBrowser, size: unknown = SIZE, of = id) =>
    browser.send('PUT', `/api/instances/${of}/display`, size);
  const join = (role: MemberRole) =>
    house.api.dataSource.manager.insert(MemberEntity, { instanceId: id, userId: boId, role });

  it('is what the page asked for', async () => {
    expect((await ask(ada)).status).toBe(202);
    expect(house.machines.displayOf(id)).toEqual(SIZE);
  });

  it('is nobody else\'s to set: what is not theirs is not told from what is not there', async () => {
    const [others, nothing] = [await ask(bo), await ask(bo, SIZE, randomUUID())];
    expect([others.status, nothing.status]).toEqual([404, 404]);
    expect({ ...(others.body as object), requestId: '' }).toEqual({ ...(nothing.body as object), requestId: '' });
    expect(house.machines.displayOf(id)).toEqual({ width: 1280, height: 800 });
  });

  it.each(['GUEST', 'SUPPORT'] as const)('stays as it is for a %s, who looks on', async (role) => {
    await join(role);
    expect(await ask(bo)).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    expect(house.machines.displayOf(id)).toEqual({ width: 1280, height: 800 });
  });

  it('is for a member with full control to set, too', async () => {
    await join('USER');
    expect((await ask(bo)).status).toBe(202);
    expect(house.machines.displayOf(id)).toEqual(SIZE);
  });

  it.each([
    ['too narrow', { width: 639, height: 480 }],
    ['too low', { width: 640, height: 479 }],
    ['too wide', { width: 3841, height: 480 }],
    ['too high', { width: 640, height: 2161 }],
    ['half a pixel', { width: 640.5, height: 480 }],
    ['text', { width: '800', height: 600 }],
    ['one side', { width: 800 }],
    ['more than a size', { ...SIZE, command: 'poweroff' }],
    ['nothing', {}],
  ])('is refused when it is %s', async (_name, size) => {
    expect(await ask(ada, size)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(house.machines.displayOf(id)).toEqual({ width: 1280, height: 800 });
  });

  it('is refused in words when the guest cannot, or goes with the session', async () => {
    const set = jest.spyOn(house.machines, 'setDisplay').mockRejectedValue(displayFixed('unknown command'));
    expect(await ask(ada)).toMatchObject({ status: 409, body: { code: 'DISPLAY_FIXED' } });
    expect((await ask(ada)).text).not.toContain('unknown command');
    set.mockClear();
    await house.api.dataSource.manager.update(InstanceEntity, { id }, { consoleProtocol: 'rdp' });
    expect(await ask(ada)).toMatchObject({ status: 409, body: { code: 'DISPLAY_FIXED' } });
    expect(set).not.toHaveBeenCalled();
  });

  it('is for later when the guest does not answer or restarts', async () => {
    const silent = new HypervisorError('Your desktop did not answer.', 'agent-failed', 'no answer');
    const set = jest.spyOn(house.machines, 'setDisplay').mockRejectedValue(silent);
    expect(await ask(ada)).toMatchObject({ status: 409, body: { code: 'NOT_READY' } });
    set.mockClear();
    house.machines.agentLost(id);
    await house.api.dataSource.manager.update(InstanceEntity, { id }, { state: 'STARTING' });
    expect(await ask(ada)).toMatchObject({ status: 409, body: { code: 'NOT_READY' } });
    expect(set).not.toHaveBeenCalled();
    house.machines.sessionUp(id);
    await until('READY');
  });

  it('is accepted when the guest takes its time', async () => {
    jest.spyOn(house.machines, 'setDisplay').mockReturnValue(new Promise<void>(() => undefined));
    expect((await ask(ada)).status).toBe(202);
  });

  it('is not set over and over', async () => {
    const { browser: cy } = await house.signedIn('cy');
    const { csrfToken } = (await cy.get('/api/session')).body as { csrfToken: string };
    const headers = { Origin: house.api.url, 'X-CSRF-Token': csrfToken };
    const answers = new Set<number>();
    for (let sent = 0; sent < 121; sent++) {
      answers.add((await cy.request('PUT', `/api/instances/${id}/display`, SIZE, headers)).status);
    }
    expect([...answers]).toEqual([404, 429]);
  });
});
