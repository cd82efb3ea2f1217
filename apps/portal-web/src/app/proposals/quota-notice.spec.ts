import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { InstanceView, QuotaView } from '@beamdesk/contracts';
import { pushSnapshot, setUpPortal, signIn, words } from '../testing/portal';
import { instance, plan, proposal, quota } from '../testing/views';
import { QuotaNotice } from './quota-notice';

describe('QuotaNotice', () => {
  let fixture: ComponentFixture<QuotaNotice>;

  async function show(instances: InstanceView[], figures: QuotaView, proposals = [proposal({ key: 'k2' })]) {
    await signIn(setUpPortal());
    const socket = await pushSnapshot(instances, figures);
    fixture = TestBed.createComponent(QuotaNotice);
    fixture.componentRef.setInput('proposals', proposals);
    await fixture.whenStable();
    return socket;
  }
  const text = () => words(fixture.nativeElement);

  it('is not there while something can be started', async () => {
    await show([], quota({ machines: 2 }));
    expect(text()).toBe('');
  });

  it('says once what is used up for all of the proposals, and what to stop', async () => {
    const others = [proposal({ key: 'k2' }), proposal({ key: 'k3' }), proposal({ key: 'k4', plan: null })];
    await show([instance({ proposalName: '20260309' })], quota({ machines: 3, memoryMib: 14_336 }), others);
    expect(text().match(/Your quota is full/g)).toHaveLength(1);
    expect(text()).toContain('Machines: none of 3 left, Memory: 2 GiB of 16 GiB left.');
    expect(fixture.nativeElement.querySelector('a[href="/resources"]').textContent).toBe('20260309');
  });

  it('names three desktops at most', async () => {
    const held = ['a', 'b', 'c', 'd'].map((id) => instance({ id, proposalKey: id, proposalName: id }));
    await show(held, quota({ machines: 3 }));
    expect(fixture.nativeElement.querySelector('a').textContent).toMatch(/^\w, \w, \w …$/);
  });

  it('leads to the quotas when nothing of one\'s own is in the way', async () => {
    await show([], quota(), [proposal({ plan: { ...plan, needs: { ...plan.needs, vcpus: 99 } } })]);
    expect(text()).toContain('One desktop is more than you may hold.');
    expect(fixture.nativeElement.querySelector('a[href="/quotas"]')).not.toBeNull();
  });

  it('does not count a proposal whose desktop is there already', async () => {
    await show([instance()], quota({ machines: 3 }), [proposal()]);
    expect(text()).toBe('');
  });

  it('goes as soon as a push says that there is room', async () => {
    const socket = await show([], quota({ machines: 3 }));
    expect(text()).toContain('Your quota is full');
    socket.send({ type: 'quota', seq: 2, quota: quota({ machines: 2 }) });
    await fixture.whenStable();
    expect(text()).toBe('');
  });
});
