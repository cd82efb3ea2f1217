import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { FakeSocket } from '../testing/fake-socket';
import { pushSnapshot, refuse, setUpPortal, signIn } from '../testing/portal';
import { instance, quota, session } from '../testing/views';
import { InstancesStore } from './instances.store';
import { SessionStore } from './session.store';

const ID = instance().id;

describe('InstancesStore', () => {
  let http: HttpTestingController;
  let store: InstancesStore;

  beforeEach(async () => {
    http = setUpPortal();
    store = TestBed.inject(InstancesStore);
  });

  it('connects only when the person is admitted', async () => {
    await signIn(http, session({ conditions: { version: '2', accepted: false } }));
    TestBed.tick();
    expect(FakeSocket.opened).toHaveLength(0);
    await signIn(http);
    TestBed.tick();
    expect(FakeSocket.opened).toHaveLength(1);
  });

  it('shows the snapshot, newest first, without deleted ones', async () => {
    await signIn(http);
    expect(store.loaded()).toBe(false);
    await pushSnapshot([
      instance({ id: 'a', createdAt: '2026-01-01T00:00:00Z' }),
      instance({ id: 'b', createdAt: '2026-02-01T00:00:00Z' }),
      instance({ id: 'c', state: 'DELETED' }),
    ]);
    expect(store.loaded()).toBe(true);
    expect(store.all().map(({ id }) => id)).toEqual(['b', 'a']);
    expect(store.quota()).toEqual(quota());
  });

  it('follows the changes: new state, quota, deletion', async () => {
    await signIn(http);
    const socket = await pushSnapshot([instance({ state: 'STARTING' })]);
    const one = store.byId(ID);
    socket.send({ type: 'instance', seq: 2, instance: instance({ state: 'READY' }), quota: quota({ machines: 1 }) });
    expect(one()?.state).toBe('READY');
    expect(store.quota()?.usage.machines).toBe(1);
    socket.send({ type: 'instance', seq: 3, instance: instance({ state: 'DELETED' }), quota: quota() });
    expect(one()).toBeUndefined();
    expect(store.quota()?.usage.machines).toBe(0);
  });

  it('finds the own desktop of a proposal, not one shared by somebody else', async () => {
    await signIn(http);
    await pushSnapshot([instance({ id: 'shared', role: 'GUEST' }), instance({ id: 'other', proposalKey: 'k2' })]);
    expect(store.byProposal('k1')()).toBeUndefined();
    expect(store.byProposal('k2')()?.id).toBe('other');
  });

  it('keeps a newer push when the answer to a request comes late', async () => {
    await signIn(http);
    const socket = await pushSnapshot();
    const launched = store.launch('k/1');
    const request = http.expectOne({ method: 'PUT', url: '/api/proposals/k%2F1/services/desktop' });
    const later = instance({ state: 'BUILDING', stateSince: '2026-11-21T10:00:02.000Z' });
    socket.send({ type: 'instance', seq: 2, instance: later, quota: quota() });
    request.flush(instance({ state: 'REQUESTED' }));
    expect((await launched).state).toBe('REQUESTED');
    expect(store.byId(ID)()?.state).toBe('BUILDING');
  });

  it('does not bring a deleted one back by a late answer', async () => {
    await signIn(http);
    const socket = await pushSnapshot([instance()]);
    const stopped = store.stop(ID);
    socket.send({ type: 'instance', seq: 2, instance: instance({ state: 'DELETED' }), quota: quota() });
    http.expectOne({ method: 'POST', url: `/api/instances/${ID}/stop` }).flush(instance({ wanted: 'DELETED' }));
    await stopped;
    expect(store.all()).toEqual([]);
  });

  it('shows what an answer says before the push comes', async () => {
    await signIn(http);
    await pushSnapshot([instance()]);
    const removed = store.remove(ID);
    http.expectOne({ method: 'DELETE', url: `/api/instances/${ID}` }).flush(instance({ wanted: 'DELETED' }));
    await removed;
    expect(store.byId(ID)()?.wanted).toBe('DELETED');
  });

  it('rejects with the reason of the server', async () => {
    await signIn(http);
    const launched = store.launch('k1', 'big');
    const request = http.expectOne('/api/proposals/k1/services/desktop');
    expect(request.request.body).toEqual({ plan: 'big' });
    refuse(request, 409, 'HOST_FULL');
    await expect(launched).rejects.toMatchObject({ code: 'HOST_FULL' });
  });

  it('remembers when the launch under way was asked for, through all its states', async () => {
    await signIn(http);
    const stateSince = '2026-11-21T10:00:09.000Z';
    const socket = await pushSnapshot([instance({ state: 'STARTING', stateSince })]);
    expect(store.askedAt(instance({ stateSince }))).toBe(Date.parse(stateSince));
    const asked = instance({ state: 'REQUESTED', stateSince: '2026-11-21T11:00:00.000Z' });
    const building = instance({ state: 'BUILDING', stateSince: '2026-11-21T11:00:02.000Z' });
    socket.send({ type: 'instance', seq: 2, instance: asked, quota: quota() });
    socket.send({ type: 'instance', seq: 3, instance: building, quota: quota() });
    expect(store.askedAt(building)).toBe(Date.parse('2026-11-21T11:00:00.000Z'));
  });

  it('tells each state at once, when it can be asked for already', async () => {
    await signIn(http);
    const heard: unknown[] = [];
    const known = store.byId(ID);
    store.changes.subscribe(({ state }) => heard.push([state, known()?.state]));
    const socket = await pushSnapshot([instance({ state: 'STARTING' })]);
    socket.send({ type: 'instance', seq: 2, instance: instance({ state: 'READY' }), quota: quota() });
    expect(heard).toEqual([
      ['STARTING', 'STARTING'],
      ['READY', 'READY'],
    ]);
  });

  it('forgets everything when the session ends', async () => {
    await signIn(http);
    const socket = await pushSnapshot([instance()]);
    TestBed.inject(SessionStore).forget();
    TestBed.tick();
    expect(store.all()).toEqual([]);
    expect(store.loaded()).toBe(false);
    expect(socket.closed).toBe(true);
    expect(store.connection()).toBe('idle');
  });
});
