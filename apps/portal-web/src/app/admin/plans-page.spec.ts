import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { PlanAdminView } from '@beamdesk/contracts';
import { adminPlan, flavour, image, imageVersion, plansView } from '../testing/image-views';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { PlansPage } from './plans-page';

const URL = '/api/plans';

describe('PlansPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const text = () => words(bed.page);
  const lacks = () => words(bed.dialog?.querySelector('#plan-lacks') ?? null);

  async function open(): Promise<void> {
    http = setUpPortal();
    await signIn(http, session());
    bed = new PageBed(TestBed.createComponent(PlansPage));
    await bed.rest();
  }
  async function show(items?: PlanAdminView[]): Promise<void> {
    await open();
    http.expectOne(URL).flush(plansView(items));
    await bed.rest();
  }
  async function choices(): Promise<void> {
    const values = [{ name: 'mode', value: 'fast', description: 'How it computes' }];
    const setup = { kind: 'script' as const, text: 'true', values };
    http.expectOne('/api/images').flush({ items: [image([imageVersion({ setup })])] });
    http.expectOne('/api/flavours').flush({ items: [flavour(), flavour({ id: 'gpu', gpus: 1 })] });
    await bed.rest();
  }

  it('tells what each is, where and on which terms it is offered', async () => {
    await show([adminPlan({ techniques: ['diffraction'], extension: { minutes: 60, times: 2 }, network: 'outbound', desktops: 4 })]);
    expect(words(bed.page.querySelector('tbody tr'))).toBe(
      'XRD pyFAI and silx XRD desktop small diffraction at ID11 preset: one click starts it ' +
        'up to 8 hours, by oneself 2 × 60 minutes more, stopped after 2 hours without use, disk not kept, reaches the network outside ' +
        '4 Change … Delete …',
    );
  });

  it('says why one is not to be had, and counts them', async () => {
    await show([adminPlan({ unavailable: 'No version of its image is active.' }), adminPlan({ id: 'b' })]);
    expect(text()).toContain('Not to be had now. No version of its image is active.');
    expect(text()).toContain('2 plans, 1 of them not to be had now.');
  });

  it('shows those of the site file, with nothing to press', async () => {
    await show([adminPlan({ origin: 'site' })]);
    expect(text()).toContain('site file');
    expect(bed.page.querySelector('tbody button')).toBeNull();
  });

  it('makes one, with an id of its name and the values its image documents', async () => {
    await show([]);
    expect(text()).toContain('No plan yet');
    await bed.press('Make the first one');
    expect(words(bed.dialog)).toContain('Loading the images and flavours');
    await choices();
    await bed.press('Make it', bed.dialog);
    expect(lacks()).toContain('The id is');
    await bed.set('name', 'XRD Large');
    await bed.press('Make it', bed.dialog);
    expect(lacks()).toContain('Say in one line what it is');
    await bed.set('description', 'pyFAI');
    await bed.press('Make it', bed.dialog);
    expect(lacks()).toBe('Choose an image and a flavour.');
    await bed.set('image', 'xrd');
    expect(words(bed.dialog)).toContain('How it computes');
    await bed.set('image-value-mode', 'slow');
    await bed.set('flavour', 'gpu');
    await bed.press('Make it', bed.dialog);
    expect(lacks()).toContain('Choose where it is offered');
    await bed.set('beamline-id11', true);
    await bed.set('idleMinutes', '90');
    await bed.set('extensionMinutes', '60');
    await bed.press('Make it', bed.dialog);
    expect(lacks()).toContain('how often');
    await bed.set('extensionTimes', '2');
    await bed.set('outbound', true);
    await bed.set('preset', true);
    await bed.press('Make it', bed.dialog);
    const sent = http.expectOne({ method: 'POST', url: URL });
    expect(sent.request.body).toEqual({
      ...{ id: 'xrd-large', name: 'XRD Large', description: 'pyFAI', image: 'xrd', flavour: 'gpu' },
      ...{ lifetimeMinutes: 480, idleMinutes: 90, extension: { minutes: 60, times: 2 }, keepsDisk: false, network: 'outbound' },
      ...{ preset: true, keyboard: null, bootScript: null, imageValues: { mode: 'slow' }, position: 1000 },
      ...{ beamlines: ['id11'], techniques: [] },
    });
    sent.flush(plansView());
    await bed.rest();
    expect(bed.dialog).toBeNull();
    http.expectOne(URL).flush(plansView());
  });

  it('changes one, beginning with what stands, and keeps the form where it is refused', async () => {
    const bootScript = { text: 'echo hi\n', values: { a: '1' } };
    await show([adminPlan({ bootScript, keyboard: 'de', imageValues: { mode: 'slow' } })]);
    await bed.press('Change XRD');
    await choices();
    expect(bed.dialog?.querySelector('[name=id]')).toBeNull();
    await bed.set('lifetimeMinutes', '60');
    await bed.press('Save', bed.dialog);
    const sent = http.expectOne({ method: 'PATCH', url: `${URL}/xrd` });
    const { id, origin, imageName, unavailable, desktops, ...stands } = adminPlan();
    expect([id, origin, imageName, unavailable, desktops]).toHaveLength(5);
    expect(sent.request.body).toEqual({ ...stands, bootScript, keyboard: 'de', imageValues: { mode: 'slow' }, lifetimeMinutes: 60 });
    refuse(sent, 409, 'PRESET_TAKEN', 'ID11 has a preset.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('ID11 has a preset.');
    await bed.press('Cancel', bed.dialog);
    http.expectNone(URL);
  });

  it.each([
    ['lifetimeMinutes', '0', 'Life'],
    ['lifetimeMinutes', '', 'Life'],
    ['keyboard', 'Deutsch!', 'Keyboard'],
    ['idleMinutes', '999999', 'Idle time'],
  ])('takes no %s of "%s"', async (name, value, told) => {
    await show();
    await bed.press('Change XRD');
    await choices();
    await bed.set(name, value);
    await bed.press('Save', bed.dialog);
    expect(lacks()).toContain(told);
    http.expectNone(`${URL}/xrd`);
  });

  it('takes values of a script only as name=value', async () => {
    await show();
    await bed.press('Change XRD');
    await choices();
    await bed.set('bootScript', 'true');
    await bed.set('bootValues', 'A value');
    await bed.press('Save', bed.dialog);
    expect(lacks()).toContain('“A value” is no value of a script');
  });

  it('deletes after saying what goes on', async () => {
    await show([adminPlan({ desktops: 2 })]);
    await bed.press('Delete XRD');
    expect(words(bed.dialog)).toContain('The 2 desktops that have it go on.');
    await bed.press('Keep it', bed.dialog);
    await bed.press('Delete XRD');
    await bed.press('Delete', bed.dialog);
    http.expectOne({ method: 'DELETE', url: `${URL}/xrd` }).flush(null);
    await bed.rest();
    http.expectOne(URL).flush(plansView([]));
  });

  it('says why the list cannot be had', async () => {
    await open();
    expect(text()).toContain('Loading the plans');
    refuse(http.expectOne(URL), 500, 'INTERNAL', 'Broken.');
    await bed.rest();
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('Broken.');
    expect(text()).not.toContain('No plan yet');
  });
});
