import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiError } from '../../api/api-error';
import { Clock } from '../../api/clock';
import { toUserMessage } from '../../api/user-message';
import { PageBed } from '../../testing/page-bed';
import { setUpPortal, signIn, words } from '../../testing/portal';
import { session } from '../../testing/views';
import { ImageUpload } from './image-upload';
import { SEND_RESUMABLY, UPLOAD_MEMORY, UploadWatcher } from './send-resumably';
import { UploadMemory } from './upload-memory';
import { UploadPanel } from './upload-panel';

const MINE = '22222222-2222-4222-8222-222222222222';

describe('UploadPanel', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  let watcher: UploadWatcher;
  const now = signal(0);
  const sending = { start: jest.fn(), pause: jest.fn(), discard: jest.fn(() => Promise.resolve()) };
  const send = jest.fn((_file: File, _fingerprint: string, told: UploadWatcher) => {
    watcher = told;
    return Promise.resolve(sending);
  });

  beforeEach(async () => {
    jest.clearAllMocks();
    sessionStorage.clear();
    await open();
  });

  async function open(): Promise<void> {
    const memory = new UploadMemory(sessionStorage);
    http = setUpPortal([], [
      { provide: Clock, useValue: { now } },
      { provide: SEND_RESUMABLY, useValue: send },
      { provide: UPLOAD_MEMORY, useValue: memory },
    ]);
    await signIn(http, session());
    const fixture = TestBed.createComponent(UploadPanel);
    bed = new PageBed(fixture);
    await bed.rest();
  }
  async function choose(): Promise<void> {
    const file = Object.assign(new File(['x'.repeat(1000)], 'a.vmdk', { lastModified: 7 }), {});
    Object.defineProperty(file, 'size', { value: 4_000_000 });
    const field = bed.page.querySelector<HTMLInputElement>('input[type=file]');
    Object.defineProperty(field, 'files', { value: [file], configurable: true });
    field?.dispatchEvent(new Event('change'));
    await bed.rest();
  }
  const text = () => words(bed.page);
  const told = async (tell: () => void) => {
    tell();
    await bed.rest();
  };

  it('sends what was chosen, as one file of one person, and tells how fast and how long', async () => {
    expect(text()).toContain('Choose a file , or drop it here');
    await choose();
    expect(send).toHaveBeenCalledWith(expect.anything(), `${MINE}/a.vmdk/4000000/7`, expect.anything());
    expect(sending.start).toHaveBeenCalledTimes(1);
    watcher.progress(0);
    now.set(1000);
    await told(() => watcher.progress(1_000_000));
    expect(text()).toContain('1 MB of 4 MB · 1 MB/s · 3 s left');
    expect(words(bed.page.querySelector('[role=status]'))).toBe('Uploading, 20 % done.');
    const bar = bed.page.querySelector('[role=progressbar]');
    expect([bar?.getAttribute('aria-valuenow'), bar?.getAttribute('aria-label')]).toEqual(['25', 'Upload of a.vmdk']);
  });

  it('pauses and goes on', async () => {
    await choose();
    await bed.press('Pause');
    expect(sending.pause).toHaveBeenCalledTimes(1);
    expect(text()).toContain('paused');
    await bed.press('Go on');
    expect(sending.start).toHaveBeenCalledTimes(2);
  });

  it('says that a cut mends itself, and goes on', async () => {
    await choose();
    await told(() => watcher.cut());
    expect(text()).toContain('The connection was cut; it goes on by itself');
    await told(() => watcher.progress(2_000_000));
    expect(text()).not.toContain('cut');
  });

  it('says why it stopped, and tries again', async () => {
    await choose();
    const body = { code: 'NO_ROOM', message: 'There is not enough room.' };
    await told(() => watcher.failed(new ApiError(507, toUserMessage(507, body))));
    expect(words(bed.page.querySelector('[role=alert]'))).toContain('There is not enough room.');
    await bed.press('Try again');
    expect(sending.start).toHaveBeenCalledTimes(2);
  });

  it('goes on as soon as the network is back after it gave up', async () => {
    await choose();
    await told(() => watcher.failed(new ApiError(0, toUserMessage(0, null))));
    window.dispatchEvent(new Event('online'));
    expect(sending.start).toHaveBeenCalledTimes(2);
  });

  it('hands over what arrived; what is discarded does not come back', async () => {
    await choose();
    await told(() => watcher.done('up-1'));
    const upload = TestBed.inject(ImageUpload);
    expect(upload.state()).toEqual({ kind: 'done', upload: 'up-1' });
    expect(text()).toContain('4 MB, all of it is on the server');
    await bed.press('Take another file');
    expect(sending.discard).toHaveBeenCalledTimes(1);
    await told(() => watcher.done('up-1'));
    expect(upload.state()).toEqual({ kind: 'none' });
    expect(text()).toContain('Choose a file');
  });

  it('offers to go on with one of before the reload, of this person alone', async () => {
    const stored = (name: string) => ({
      ...{ size: 4_000_000, metadata: { filename: name }, creationTime: '2026', uploadUrl: '/api/uploads/1', parallelUploadUrls: null },
    });
    sessionStorage.setItem(`beamdesk.upload.${MINE}/a.vmdk/1/1`, JSON.stringify(stored('a.vmdk')));
    sessionStorage.setItem('beamdesk.upload.somebody/b.vmdk/1/1', JSON.stringify(stored('b.vmdk')));
    TestBed.resetTestingModule();
    await open();
    expect(text()).toContain('The upload of a.vmdk (4 MB) was begun and not ended');
    expect(text()).not.toContain('b.vmdk');
    await bed.press('Forget the upload of a.vmdk');
    expect(text()).not.toContain('a.vmdk');
    http.expectOne({ method: 'DELETE', url: '/api/uploads/1' });
  });

  it('asks before the page is left while something is on its way, and only then', async () => {
    const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(leave()).toBe(true);
    await choose();
    expect(leave()).toBe(false);
    await bed.press('Pause');
    expect(leave()).toBe(true);
  });
});
