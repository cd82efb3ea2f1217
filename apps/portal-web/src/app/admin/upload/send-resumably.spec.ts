import type { HttpRequest, HttpResponse, UploadOptions } from 'tus-js-client';
import { ApiError } from '../../api/api-error';
import { optionsOf } from './send-resumably';
import { UploadMemory } from './upload-memory';

const answer = (status: number, body: unknown = null) =>
  ({ getStatus: () => status, getBody: () => JSON.stringify(body) }) as HttpResponse;
const request = (method: string, setHeader = jest.fn()) => ({ getMethod: () => method, setHeader }) as unknown as HttpRequest;

describe('the options of a resumable upload', () => {
  const watcher = { progress: jest.fn(), cut: jest.fn(), done: jest.fn(), failed: jest.fn() };
  const reload = jest.fn();
  const csrfToken = Object.assign(() => token, {}) as never;
  let token = 'one';
  let options: Required<UploadOptions>;

  beforeEach(() => {
    jest.clearAllMocks();
    const memory = new UploadMemory(sessionStorage);
    const url = { url: 'https://portal.example/api/uploads/abc-1' };
    options = optionsOf({ name: 'a.vmdk' }, 'p/a', watcher, { csrfToken, reload }, memory, () => url) as Required<UploadOptions>;
  });

  const failure = (response: HttpResponse | null, causingError: Error | null = null) =>
    Object.assign(new Error('tus'), { originalRequest: request('PATCH'), originalResponse: response, causingError });
  const again = (status: number, body?: unknown) => options.onShouldRetry?.(failure(answer(status, body)), 0, options);

  it('signs every request with the token of the moment', async () => {
    const setHeader = jest.fn();
    await options.onBeforeRequest?.(request('PATCH', setHeader));
    token = 'two';
    await options.onBeforeRequest?.(request('PATCH', setHeader));
    expect(setHeader.mock.calls).toEqual([
      ['X-CSRF-Token', 'one'],
      ['X-CSRF-Token', 'two'],
    ]);
  });

  it.each([0, 409, 423, 500, 502, 503])('tries again by itself after %p', (status) => {
    expect(again(status)).toBe(true);
    expect(watcher.cut).toHaveBeenCalledTimes(1);
  });

  it.each([400, 401, 403, 404, 409, 413])('does not after the refusal %p', (status) => {
    expect(again(status, { code: 'X', message: 'No.' })).toBe(false);
    expect(watcher.cut).not.toHaveBeenCalled();
  });

  it('reads the session again where the token is old, and tries once more', async () => {
    const old = answer(403, { code: 'CSRF', message: 'Old.' });
    await options.onAfterResponse?.(request('PATCH'), old);
    expect(reload).toHaveBeenCalledTimes(1);
    expect(again(403, { code: 'CSRF', message: 'Old.' })).toBe(true);
  });

  it('does not take a portal that restarts for an upload that is gone', async () => {
    const asked = (status: number) => Promise.resolve(options.onAfterResponse?.(request('HEAD'), answer(status)));
    for (const status of [401, 403, 500, 502]) await expect(asked(status)).rejects.toBeInstanceOf(ApiError);
    for (const status of [200, 404, 410]) await expect(asked(status)).resolves.toBeUndefined();
  });

  it('tells why it stopped in the words of the api, and where no answer came', () => {
    options.onError?.(failure(answer(413, { code: 'TOO_LARGE', message: 'Larger than this site takes.' })));
    options.onError?.(failure(null));
    options.onError?.(new Error('something else'));
    const codes = watcher.failed.mock.calls.map(([error]) => [(error as ApiError).code, (error as ApiError).user.text]);
    expect(codes[0]).toEqual(['TOO_LARGE', 'Larger than this site takes.']);
    expect(codes.map(([code]) => code)).toEqual(['TOO_LARGE', 'OFFLINE', 'UNEXPECTED']);
  });

  it('hands over the id of what arrived', () => {
    options.onSuccess?.({ lastResponse: answer(204) });
    expect(watcher.done).toHaveBeenCalledWith('abc-1');
  });
});
