import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { InstanceView } from '@beamdesk/contracts';
import { instance, plan } from '../testing/views';
import { DiskNotice } from './disk-notice';
import { ReadNotices } from './read-notices';

describe('DiskNotice', () => {
  let fixture: ComponentFixture<DiskNotice>;

  beforeEach(() => sessionStorage.clear());

  async function show(change: Partial<InstanceView> = {}): Promise<void> {
    fixture = TestBed.createComponent(DiskNotice);
    fixture.componentRef.setInput('instance', instance(change));
    await fixture.whenStable();
  }
  const text = () => fixture.nativeElement.querySelector('p')?.textContent;

  it('says that the disk is thrown away', async () => {
    await show();
    expect(text()).toBe('The disk of this desktop is thrown away at the end. Keep your results in /scratch.');
  });

  it('says that the disk is kept', async () => {
    await show({ plan: { ...plan, keepsDisk: true } });
    expect(text()).toBe("Stop keeps this desktop's disk; start it again later.");
  });

  it.each(['GUEST', 'SUPPORT'] as const)('is not for %s', async (role) => {
    await show({ role });
    expect(text()).toBeUndefined();
  });

  it('is read once, also over a reload, but for one desktop only', async () => {
    await show();
    fixture.nativeElement.querySelector('button').click();
    await fixture.whenStable();
    expect(text()).toBeUndefined();
    TestBed.resetTestingModule();
    expect(TestBed.inject(ReadNotices).has(instance().id)).toBe(true);
    await show();
    expect(text()).toBeUndefined();
    await show({ id: 'another' });
    expect(text()).toContain('thrown away');
  });
});
