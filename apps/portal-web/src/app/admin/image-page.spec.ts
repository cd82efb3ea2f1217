import { HttpTestingController } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { ImageView } from '@beamdesk/contracts';
import { image, imageVersion, plansView } from '../testing/image-views';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { instance, session } from '../testing/views';
import { ImagePage } from './image-page';

const URL = '/api/images/xrd';

@Component({ template: '' })
class Elsewhere {}

describe('ImagePage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const text = () => words(bed.page);
  const card = (place = 0) => bed.page.querySelectorAll('bd-version-card')[place];
  const buttons = (place = 0) => [...card(place).querySelectorAll('button, a')].map((one) => words(one));

  async function open(): Promise<void> {
    http = setUpPortal([{ path: 'desktop/:id', component: Elsewhere }, { path: 'images', component: Elsewhere }]);
    await signIn(http, session());
    const fixture = TestBed.createComponent(ImagePage);
    fixture.componentRef.setInput('id', 'xrd');
    bed = new PageBed(fixture);
    await bed.rest();
    http.expectOne('/api/plans').flush(plansView());
  }
  async function show(shown: ImageView = image()): Promise<void> {
    await open();
    http.expectOne(URL).flush(shown);
    await bed.rest();
  }
  async function answer(method: string, path: string, body: object | null = image()): Promise<void> {
    http.expectOne({ method, url: `${URL}${path}` }).flush(body);
    await bed.rest();
  }

  it('tells what it is, to whom it is offered, and of each version what it is and who did what', async () => {
    await show(image([imageVersion()], { offering: { beamlines: ['id11'], techniques: ['diffraction'], groups: [] } }));
    for (const said of ['XRD desktop', 'Diffraction on Debian', 'at ID11; for diffraction', 'Version 1 active']) {
      expect(text()).toContain(said);
    }
    expect(words(card())).toContain('VMDK, 1.2 GB; a disk of 8 GiB');
    expect(words(card())).toContain('VNC, BIOS, x86_64, each one boots, no GPU needed, without our agent');
    expect(words(card())).toContain('Registered by Farid Haddad');
    expect(words(card())).toContain('Taken in');
    expect(words(card())).toContain('pyFAI, 2024.5');
  });

  it('shows the step, how far it is, and that one may leave', async () => {
    await show(image([imageVersion({ state: 'importing', progress: { step: 'converting', fraction: 0.42 } })]));
    expect(words(card())).toContain('Converting it: 42 %');
    expect(words(card())).toContain('You may leave this page');
    const bar = card().querySelector('[role=progressbar]');
    expect([bar?.getAttribute('aria-valuenow'), bar?.getAttribute('aria-label')]).toEqual(['42', 'Taking in version 1']);
    expect(buttons()).toEqual(['Settings …', 'Call off …']);
  });

  it('says why one was not taken in and what helps; tries again and discards', async () => {
    const failure = { code: 'BACKING_FILE', message: 'This image is only the difference to another file.', detail: 'backing file base.qcow2' };
    await show(image([imageVersion({ state: 'failed', failure })]));
    expect(words(card().querySelector('[role=alert]'))).toMatch(/only the difference .* qemu-img convert .* backing file base.qcow2 .* BACKING_FILE/);
    expect(buttons()).toEqual(['Try again', 'Discard …']);
    await bed.press('Try again: version 1', card());
    await answer('POST', '/versions/1/retry');
    await answer('GET', '', image([imageVersion({ state: 'failed', failure })]));
    await bed.press('Discard version 1', card());
    expect(words(bed.dialog)).toContain('can’t be brought back');
    await bed.press('Discard', bed.dialog);
    await answer('DELETE', '/versions/1', null);
    await answer('GET', '', image([]));
    expect(text()).toContain('It has no version yet');
  });

  it.each([
    ['draft', ['Try it', 'Activate …', 'Settings …', 'Delete …']],
    ['active', ['Try it', 'Retire …', 'Delete …']],
    ['retired', ['Try it', 'Activate …', 'Delete …']],
  ] as const)('offers for a version that is %s: %p', async (state, expected) => {
    await show(image([imageVersion({ state })]));
    expect(buttons()).toEqual([...expected]);
  });

  it('tries a draft and opens its desktop', async () => {
    await show(image([imageVersion({ state: 'draft' })]));
    await bed.press('Try it: version 1', card());
    await answer('POST', '/versions/1/try', instance());
    expect(TestBed.inject(Router).url).toBe(`/desktop/${instance().id}`);
  });

  it('leads to a trial that runs', async () => {
    await show(image([imageVersion({ state: 'draft', trial: instance().id })]));
    expect(card().querySelector('a')?.getAttribute('href')).toBe(`/desktop/${instance().id}`);
    expect(buttons()).not.toContain('Try it');
  });

  it('activates after saying what follows, and not without', async () => {
    await show(image([imageVersion({ number: 2, state: 'draft' }), imageVersion()]));
    await bed.press('Activate version 2', card());
    expect(words(bed.dialog)).toContain('Version 1 is retired; desktops that run on it, and kept disks, go on.');
    await bed.press('Not yet', bed.dialog);
    http.expectNone(`${URL}/versions/2/activate`);
    await bed.press('Activate version 2', card());
    await bed.press('Activate', bed.dialog);
    await answer('POST', '/versions/2/activate');
    await answer('GET', '', image());
  });

  it('retires, and says that what runs goes on', async () => {
    await show(image([imageVersion({ uses: { desktops: 2, keptDisks: 0 } })]));
    expect(words(card())).toContain('in use by 2 desktops');
    await bed.press('Retire version 1', card());
    expect(words(bed.dialog)).toContain('Desktops that run on it, and kept disks, go on.');
    await bed.press('Retire', bed.dialog);
    await answer('POST', '/versions/1/retire');
  });

  it.each([
    [imageVersion({ state: 'retired', uses: { desktops: 3, keptDisks: 2 } }), 'in use: 3 desktops, 2 of them only a kept disk.'],
    [imageVersion(), 'retire it first'],
  ])('does not delete what is in use, and says why', async (version, why) => {
    await show(image([version]));
    const remove = card().querySelector<HTMLButtonElement>('[aria-label="Delete version 1"]');
    expect(remove?.getAttribute('aria-disabled')).toBe('true');
    expect(words(document.getElementById(remove?.getAttribute('aria-describedby') ?? '') ?? card())).toContain(why);
    remove?.click();
    await bed.rest();
    expect(bed.dialog).toBeNull();
  });

  it('says at its version why something was refused', async () => {
    await show(image([imageVersion({ state: 'draft' })]));
    await bed.press('Try it: version 1', card());
    refuse(http.expectOne(`${URL}/versions/1/try`), 409, 'HOST_FULL', 'No host has room.');
    await bed.rest();
    expect(words(card().querySelector('[role=alert]'))).toContain('No host has room.');
  });

  it('changes name and offering', async () => {
    await show();
    await bed.press('Change …');
    await bed.set('beamline-bm18', true);
    await bed.set('groups', 'xrd-team\n\n  tomo ');
    await bed.set('name', '');
    await bed.press('Save', bed.dialog);
    expect(words(bed.dialog)).toContain('Give it a name.');
    await bed.set('name', 'XRD');
    await bed.press('Save', bed.dialog);
    const sent = http.expectOne({ method: 'PATCH', url: URL });
    expect(sent.request.body).toEqual({
      name: 'XRD',
      description: 'Diffraction on Debian',
      offering: { beamlines: ['bm18'], techniques: [], groups: ['xrd-team', 'tomo'] },
    });
    refuse(sent, 400, 'BAD_REQUEST', 'No such beamline.');
    await bed.rest();
    expect(words(bed.dialog)).toContain('No such beamline.');
  });

  it('changes the settings of a draft: display, set-up with documented values, software', async () => {
    await show(image([imageVersion({ state: 'draft' })]));
    await bed.press('Settings of version 1', card());
    await bed.set('protocol', 'rdp');
    await bed.press('Save', bed.dialog);
    expect(words(bed.dialog)).toContain('RDP needs our agent');
    await bed.set('agent', true);
    await bed.set('firmware', 'uefi');
    await bed.set('setup', 'cloud-init');
    await bed.set('setup-text', '#cloud-config\r\nhostname: {{host}}\n');
    await bed.press('Add a value', bed.dialog);
    const row = bed.dialog?.querySelector('input[name^=value-name-]')?.getAttribute('name')?.slice('value-name-'.length) ?? '';
    await bed.set(`value-name-${row}`, 'host');
    await bed.set(`value-value-${row}`, 'xrd');
    await bed.press('Save', bed.dialog);
    expect(words(bed.dialog)).toContain('Say what the value “host” is for.');
    await bed.set(`value-about-${row}`, 'Name of the machine');
    await bed.set('software', 'pyFAI, 2024.5\nFit2D');
    await bed.press('Save', bed.dialog);
    expect(http.expectOne({ method: 'PATCH', url: `${URL}/versions/1` }).request.body).toEqual({
      ...{ protocol: 'rdp', firmware: 'uefi', architecture: 'x86_64', agent: true, clonable: false, gpus: 0 },
      setup: {
        kind: 'cloud-init',
        text: '#cloud-config\nhostname: {{host}}\n',
        values: [{ name: 'host', value: 'xrd', description: 'Name of the machine' }],
      },
      software: [
        { name: 'pyFAI', version: '2024.5' },
        { name: 'Fit2D', version: null },
      ],
    });
  });

  it('only shows what is in the site file, and says so', async () => {
    await show(image([imageVersion({ source: { kind: 'recipe', name: 'desktop-analysis' } })], { origin: 'site' }));
    expect(text()).toContain('named in the site file');
    expect(text()).toContain('recipe desktop-analysis');
    expect(bed.page.querySelectorAll('bd-version-card button, .head button')).toHaveLength(0);
  });

  it('deletes the whole image after asking, and says why not', async () => {
    await show();
    await bed.press('Delete the image …');
    expect(words(bed.dialog)).toContain('with all its versions');
    await bed.press('Delete', bed.dialog);
    refuse(http.expectOne({ method: 'DELETE', url: URL }), 409, 'IMAGE_IN_USE', 'It is in use: 1 plans.');
    await bed.rest();
    expect(words(bed.page.querySelector('.head + [role=alert]'))).toContain('It is in use: 1 plans.');
    await bed.press('Delete the image …');
    await bed.press('Delete', bed.dialog);
    http.expectOne({ method: 'DELETE', url: URL }).flush(null);
    await bed.rest();
    expect(TestBed.inject(Router).url).toBe('/images');
  });

  it('says what is missing until users see it', async () => {
    await show(image([imageVersion({ state: 'draft' })], { plans: [] }));
    expect(text()).toContain('Users do not see it yet: no version is active, and no plan names it.');
  });

  it('says when there is no such image', async () => {
    await open();
    refuse(http.expectOne(URL), 404, 'NOT_FOUND', 'There is no such image.');
    await bed.rest();
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('There is no such image.');
  });
});
