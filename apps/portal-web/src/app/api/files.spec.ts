import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { setUpPortal, settle, signIn } from '../testing/portal';
import { session } from '../testing/views';
import { ApiError } from './api-error';
import { FilesApi, OPEN_UPLOAD, SendOptions } from './files';
import { SessionEnd } from './session-end';

/** The browser's request, in a test's hand. */
class FakeUpload {
  readonly headers: Record<string, string> = {};
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload: (() => void) | undefined;
  onerror: (() => void) | undefined;
  onabort: (() => void) | undefined;
  responseType = '';
  status = 0;
  response: unknown = null;
  asked = '';
  body: unknown;

  open(method: string, url: string): void {
    this.asked = `${method} ${url}`;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send(body: unknown): void {
    this.body = body;
  }
  abort(): void {
    this.onabort?.();
  }
  answer(status: number, response: unknown): void {
    Object.assign(this, { status, response });
    this.onload?.();
  }
}

describe('FilesApi', () => {
  const handle = jest.fn().mockResolvedValue(undefined);
  const stored = { name: 'ü 🧪.txt', size: 4, modifiedAt: '2026-11-21T10:00:00.000Z' };
  let http: HttpTestingController;
  let api: FilesApi;
  let uploads: FakeUpload[];
  let control: AbortController;
  let progress: number[];

  beforeEach(async () => {
    handle.mockClear();
    uploads = [];
    progress = [];
    control = new AbortController();
    const open = () => uploads[uploads.push(new FakeUpload()) - 1];
    http = setUpPortal(
      [],
      [
        { provide: SessionEnd, useValue: { handle } },
        { provide: OPEN_UPLOAD, useValue: open },
      ],
    );
    await signIn(http);
    api = TestBed.inject(FilesApi);
  });
  afterEach(() => http.verify());

  const body = new Blob(['abcd']);
  const send = (more: Partial<SendOptions> = {}) =>
    api.send('i 1', '/scratch/ü 🧪.txt', body, {
      overwrite: false,
      signal: control.signal,
      progress: (sent) => progress.push(sent),
      ...more,
    });

  it('asks for folders and makes them by paths that hold anything', () => {
    api.list('i1', '/scratch/a+b&c #1 ü').subscribe();
    http.expectOne('/api/instances/i1/files?path=%2Fscratch%2Fa%2Bb%26c%20%231%20%C3%BC');
    api.makeFolder('i1', '/scratch/neu').subscribe();
    const { request } = http.expectOne('/api/instances/i1/files/folders');
    expect([request.method, request.body]).toEqual(['POST', { path: '/scratch/neu' }]);
  });

  it('sends the file itself, with the token, and tells how far it is', async () => {
    const answer = send();
    const [upload] = uploads;
    expect(upload.asked).toBe('PUT /api/instances/i%201/files/content?path=%2Fscratch%2F%C3%BC%20%F0%9F%A7%AA.txt');
    expect(upload.headers).toEqual({ 'Content-Type': 'application/octet-stream', 'X-CSRF-Token': 'token-1' });
    expect(upload.body).toBe(body);
    upload.upload.onprogress?.({ loaded: 2 });
    expect(progress).toEqual([2]);
    upload.answer(201, stored);
    expect(await answer).toEqual(stored);
  });

  it('says when it may replace', () => {
    void send({ overwrite: true });
    expect(uploads[0].asked).toMatch(/&overwrite=true$/);
  });

  it('rejects with the code of a refusal, and leads nowhere when the sign-in ended', async () => {
    const answer = send();
    uploads[0].answer(401, { code: 'NOT_SIGNED_IN', message: 'Sign in.' });
    await expect(answer).rejects.toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' });
    await expect(answer).rejects.toBeInstanceOf(ApiError);
    expect(handle).not.toHaveBeenCalled();
  });

  it('does not take an answer without a body for a success', async () => {
    const answer = send();
    uploads[0].answer(200, null);
    await expect(answer).rejects.toMatchObject({ code: 'UNEXPECTED' });
  });

  it('tells that no answer came', async () => {
    const answer = send();
    uploads[0].onerror?.();
    await expect(answer).rejects.toMatchObject({ status: 0, code: 'OFFLINE' });
  });

  it('ends the request when it is cancelled', async () => {
    const answer = send();
    control.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    await expect(send()).rejects.toThrow('enough');
    expect(uploads).toHaveLength(1);
  });

  it('sends again with a new token after a sign-in in another tab', async () => {
    const answer = send();
    uploads[0].answer(403, { code: 'CSRF', message: 'Old token.' });
    await settle();
    http.expectOne('/api/session').flush(session({ csrfToken: 'token-2' }));
    await settle();
    expect(uploads[1].headers['X-CSRF-Token']).toBe('token-2');
    uploads[1].answer(201, stored);
    expect(await answer).toEqual(stored);
  });

  it('sends nothing for another person', async () => {
    const answer = send();
    uploads[0].answer(403, { code: 'CSRF', message: 'Old token.' });
    await settle();
    const other = { id: '33333333-3333-4333-8333-333333333333', name: 'Chen', email: null, roles: [] };
    http.expectOne('/api/session').flush(session({ user: other }));
    await expect(answer).rejects.toMatchObject({ code: 'CSRF' });
    expect(uploads).toHaveLength(1);
  });
});
