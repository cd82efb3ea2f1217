import { HttpTestingController } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { image, imageVersion, incoming } from '../testing/image-views';
import { PageBed } from '../testing/page-bed';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { session } from '../testing/views';
import { RegisterPage } from './register-page';
import { SEND_RESUMABLY, UploadWatcher } from './upload/send-resumably';

const USUAL = {
  ...{ asRaw: false, protocol: 'vnc', firmware: 'bios', architecture: 'x86_64', agent: false, clonable: true, gpus: 0 },
  ...{ setup: null, software: [] },
};

@Component({ template: '' })
class Elsewhere {}

describe('RegisterPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  let watcher: UploadWatcher;
  const text = () => words(bed.page);
  const lacks = () => words(bed.page.querySelector('#register-lacks'));

  async function open(id?: string): Promise<void> {
    const sending = { start: () => undefined, pause: () => undefined, discard: () => Promise.resolve() };
    const send = (_file: File, _fingerprint: string, told: UploadWatcher) => {
      watcher = told;
      return Promise.resolve(sending);
    };
    http = setUpPortal([{ path: 'images/:id', component: Elsewhere }], [{ provide: SEND_RESUMABLY, useValue: send }]);
    await signIn(http, session());
    const fixture = TestBed.createComponent(RegisterPage);
    fixture.componentRef.setInput('id', id);
    bed = new PageBed(fixture);
    await bed.rest();
    if (id === undefined) await files();
  }
  async function files(): Promise<void> {
    http.expectOne('/api/images/files').flush(incoming());
    await bed.rest();
  }
  async function chooseUpload(): Promise<void> {
    const field = bed.page.querySelector<HTMLInputElement>('input[type=file]');
    Object.defineProperty(field, 'files', { value: [new File(['disk'], 'xrd.vmdk')], configurable: true });
    field?.dispatchEvent(new Event('change'));
    await bed.rest();
  }
  async function arrives(): Promise<void> {
    watcher.done('0'.repeat(32));
    await bed.rest();
  }

  it('makes the image, then its first version of a file on the server, and shows it', async () => {
    await open();
    await bed.set('name', 'XRD Desktop (2026)');
    expect(bed.page.querySelector<HTMLInputElement>('[name=id]')?.value).toBe('xrd-desktop-2026');
    await bed.press('File on the server');
    expect(text()).toContain('old.vdi 4 GB');
    await bed.press('Register');
    expect(lacks()).toBe('Choose one of the files.');
    await bed.set('file', true);
    await bed.press('Register');
    const made = http.expectOne({ method: 'POST', url: '/api/images' });
    const offering = { beamlines: [], techniques: [], groups: [] };
    expect(made.request.body).toEqual({ id: 'xrd-desktop-2026', name: 'XRD Desktop (2026)', description: '', offering });
    made.flush(image([]));
    await bed.rest();
    const sent = http.expectOne({ method: 'POST', url: '/api/images/xrd-desktop-2026/versions' });
    expect(sent.request.body).toEqual({ source: { kind: 'file', name: 'old.vdi' }, ...USUAL });
    sent.flush(image());
    await bed.rest();
    expect(TestBed.inject(Router).url).toBe('/images/xrd-desktop-2026');
  });

  it('says what is lacking, and sends nothing', async () => {
    await open();
    await bed.press('Register');
    expect(lacks()).toBe('Give it a name.');
    await bed.set('name', 'Plans');
    await bed.press('Register');
    expect(lacks()).toContain('The id “plans” is taken by a page');
    await bed.set('id', 'Not An Id');
    await bed.press('Register');
    expect(lacks()).toContain('The id is 1 to 63 of');
    await bed.set('id', 'xrd');
    await bed.press('Register');
    expect(lacks()).toBe('Choose a file to upload.');
    await bed.press('Address');
    await bed.press('Register');
    expect(lacks()).toContain('Write an address');
    await bed.set('url', 'https://cloud.debian.org/a.qcow2');
    await bed.set('sha256', 'abc');
    await bed.press('Register');
    expect(lacks()).toContain('64 hexadecimal digits');
    await bed.set('sha256', 'A'.repeat(64));
    await bed.press('Register');
    http.expectOne('/api/images').flush(image([]));
    await bed.rest();
    const { source } = http.expectOne('/api/images/xrd/versions').request.body as { source: object };
    expect(source).toEqual({ kind: 'url', url: 'https://cloud.debian.org/a.qcow2', sha256: 'a'.repeat(64) });
  });

  it('registers by itself as soon as the upload is there', async () => {
    await open();
    await bed.set('name', 'XRD');
    await chooseUpload();
    await bed.press('Register');
    expect(text()).toContain('It is registered as soon as the upload is there.');
    http.expectNone('/api/images');
    await arrives();
    http.expectOne('/api/images').flush(image([]));
    await bed.rest();
    const sent = http.expectOne('/api/images/xrd/versions');
    expect(sent.request.body).toEqual({ source: { kind: 'upload', upload: '0'.repeat(32) }, ...USUAL });
  });

  it('does not, where somebody changed their mind', async () => {
    await open();
    await bed.set('name', 'XRD');
    await chooseUpload();
    await bed.press('Register');
    await bed.press('Not yet');
    await arrives();
    http.expectNone('/api/images');
    await bed.press('Register');
    http.expectOne('/api/images');
  });

  it('does not make the image twice where its version was refused', async () => {
    await open();
    await bed.set('name', 'XRD');
    await chooseUpload();
    await arrives();
    await bed.press('Register');
    http.expectOne('/api/images').flush(image([]));
    await bed.rest();
    refuse(http.expectOne('/api/images/xrd/versions'), 409, 'NO_ROOM', 'There is not enough room.');
    await bed.rest();
    expect(text()).toContain('There is not enough room.');
    expect(bed.page.querySelector<HTMLInputElement>('[name=name]')?.value).toBe('XRD');
    await bed.press('Register');
    http.expectNone('/api/images');
    http.expectOne('/api/images/xrd/versions');
  });

  it.each([
    [{ architecture: 'aarch64' }, 'Machines of aarch64 have UEFI.'],
    [{ setup: 'script' }, 'Write the script or the user data'],
    [{ gpus: '17' }, 'GPUs: a whole number from 0 to 16.'],
  ])('takes no machine with %j', async (fields, told) => {
    await open();
    await bed.set('name', 'XRD');
    for (const [name, value] of Object.entries(fields)) await bed.set(name, value);
    await bed.press('Register');
    expect(lacks()).toContain(told);
  });

  it('runs a boot script only where the agent is', async () => {
    await open();
    await bed.set('name', 'XRD');
    await chooseUpload();
    await arrives();
    await bed.set('setup', 'script');
    await bed.set('setup-text', 'true');
    await bed.press('Register');
    expect(lacks()).toContain('A boot script is run by our agent');
    await bed.set('agent', true);
    await bed.press('Register');
    http.expectOne('/api/images');
  });

  it('says where the name is taken', async () => {
    await open();
    await bed.set('name', 'XRD');
    await chooseUpload();
    await arrives();
    await bed.press('Register');
    refuse(http.expectOne('/api/images'), 409, 'ID_TAKEN', 'There is an image of this id.');
    await bed.rest();
    expect(text()).toContain('There is an image of this id.');
  });

  it('begins a new version with what the one before says', async () => {
    await open('xrd');
    expect(text()).toContain('Loading the image');
    const before = imageVersion({ protocol: 'rdp', firmware: 'uefi', gpus: 1, agent: true });
    http.expectOne('/api/images/xrd').flush(image([before]));
    await bed.rest();
    await files();
    expect(bed.page.querySelector('[name=name]')).toBeNull();
    await chooseUpload();
    await arrives();
    await bed.press('Register');
    expect(http.expectOne('/api/images/xrd/versions').request.body).toMatchObject({
      ...{ protocol: 'rdp', firmware: 'uefi', gpus: 1, agent: true, clonable: false },
      software: [{ name: 'pyFAI', version: '2024.5' }],
    });
  });

  it('says when no addresses are allowed here, and what is wrong with the list of files', async () => {
    await open();
    TestBed.resetTestingModule();
    await open('xrd');
    http.expectOne('/api/images/xrd').flush(image([]));
    await bed.rest();
    refuse(http.expectOne('/api/images/files'), 500, 'INTERNAL', 'Broken.');
    await bed.press('File on the server');
    expect(words(bed.page.querySelector('bd-problem'))).toContain('Broken.');
    await bed.press('Try again');
    http.expectOne('/api/images/files').flush(incoming({ items: [], urlHosts: [] }));
    await bed.rest();
    expect(text()).toContain('Nothing lies there.');
    await bed.press('Address');
    expect(text()).toContain('takes no images from addresses');
  });
});
