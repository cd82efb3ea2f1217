import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { DesktopMessage } from '@beamdesk/contracts';
import { PageBed } from '../testing/page-bed';
import { pushSnapshot, refuse, setUpPortal, signIn, words } from '../testing/portal';
import { instance, quota, session } from '../testing/views';
import { DesktopMessages } from './desktop-messages';

const ID = '11111111-1111-4111-8111-111111111111';
const message = (change: Partial<DesktopMessage> = {}): DesktopMessage => ({
  id: '77777777-7777-4777-8777-777777777777',
  desktop: ID,
  proposalName: '20260301',
  text: 'The host goes down at noon.\n<b>Save.</b>',
  at: '2026-11-21T10:00:00.000Z',
  from: 'STAFF',
  ...change,
});

describe('DesktopMessages', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<DesktopMessages>;
  let bed: PageBed;
  const asked = () => http.expectOne('/api/messages');

  async function open(desktop?: string) {
    http = setUpPortal();
    await signIn(http, session());
    const socket = await pushSnapshot([instance({ id: ID })]);
    fixture = TestBed.createComponent(DesktopMessages);
    if (desktop !== undefined) fixture.componentRef.setInput('desktop', desktop);
    bed = new PageBed(fixture);
    await bed.rest();
    return socket;
  }

  it('shows what there is about all desktops, gone ones too, as plain text, until it is dismissed', async () => {
    await open();
    asked().flush({ items: [message(), message({ id: '2', desktop: 'gone', text: 'Stopped.', from: 'ADMIN' })] });
    await bed.rest();
    expect(words(bed.page)).toContain('From the staff, about 20260301: The host goes down at noon. <b>Save.</b>');
    expect(words(bed.page)).toContain('From the administrators');
    await bed.press('Dismiss');
    http.expectOne({ method: 'POST', url: `/api/messages/${message().id}/dismiss` }).flush(null);
    await bed.rest();
    expect(words(bed.page)).not.toContain('noon');
    expect(words(bed.page)).toContain('Stopped.');
  });

  it('asks about one desktop as soon as something is pushed, and shows no other', async () => {
    const socket = await open(ID);
    http.expectNone('/api/messages');
    socket.send({ type: 'instance', seq: 2, instance: instance({ id: ID, messages: [message()] }), quota: quota() });
    await bed.rest();
    asked().flush({ items: [message(), message({ id: '2', desktop: 'other', text: 'Of another.' })] });
    await bed.rest();
    expect(words(bed.page)).toContain('noon');
    expect(words(bed.page)).not.toContain('Of another.');
    socket.send({ type: 'instance', seq: 3, instance: instance({ id: ID }), quota: quota() });
    await bed.rest();
    asked().flush({ items: [] });
    await bed.rest();
    expect(words(bed.page)).toBe('');
  });

  it('keeps what could not be dismissed', async () => {
    await open();
    asked().flush({ items: [message()] });
    await bed.rest();
    await bed.press('Dismiss');
    refuse(
      http.expectOne({ method: 'POST', url: `/api/messages/${message().id}/dismiss` }),
      503,
      'UNAVAILABLE',
      'Not now.',
    );
    await bed.rest();
    expect(words(bed.page)).toContain('noon');
  });
});
