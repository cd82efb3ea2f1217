import { HttpClient } from '@angular/common/http';
import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { refuse, setUpPortal, settle, signIn } from '../testing/portal';
import { session } from '../testing/views';
import { ApiError } from './api-error';
import { SessionEnd } from './session-end';

describe('interceptors', () => {
  const handle = jest.fn().mockResolvedValue(undefined);
  let http: HttpTestingController;
  let client: HttpClient;

  beforeEach(async () => {
    handle.mockClear();
    http = setUpPortal([], [{ provide: SessionEnd, useValue: { handle } }]);
    client = TestBed.inject(HttpClient);
    await signIn(http);
  });
  afterEach(() => http.verify());

  it('sends the token with what changes something, and only with that', () => {
    client.get('/api/quota').subscribe();
    client.put('/api/thing', {}).subscribe();
    client.delete('/api/thing2').subscribe();
    expect(http.expectOne('/api/quota').request.headers.has('X-CSRF-Token')).toBe(false);
    expect(http.expectOne('/api/thing').request.headers.get('X-CSRF-Token')).toBe('token-1');
    expect(http.expectOne('/api/thing2').request.headers.get('X-CSRF-Token')).toBe('token-1');
  });

  it('reads the session again after a refused token and sends the request once more with the new one', async () => {
    const answer = firstValueFrom(client.post('/api/thing', { a: 1 }));
    refuse(http.expectOne('/api/thing'), 403, 'CSRF');
    http.expectOne('/api/session').flush(session({ csrfToken: 'token-2' }));
    await settle();
    const again = http.expectOne('/api/thing');
    expect(again.request.headers.get('X-CSRF-Token')).toBe('token-2');
    expect(again.request.body).toEqual({ a: 1 });
    again.flush({ ok: true });
    expect(await answer).toEqual({ ok: true });
  });

  it('does not repeat the request for another person', async () => {
    const answer = firstValueFrom(client.post('/api/thing', {}));
    refuse(http.expectOne('/api/thing'), 403, 'CSRF');
    const other = { id: '33333333-3333-4333-8333-333333333333', name: 'Chen', email: null, roles: [] };
    http.expectOne('/api/session').flush(session({ user: other }));
    await expect(answer).rejects.toMatchObject({ code: 'CSRF' });
    http.expectNone('/api/thing');
  });

  it('turns a refusal into an ApiError with its code', async () => {
    const answer = firstValueFrom(client.get('/api/quota'));
    refuse(http.expectOne('/api/quota'), 503, 'CATALOGUE_UNAVAILABLE', 'It is down.');
    await expect(answer).rejects.toBeInstanceOf(ApiError);
    await expect(answer).rejects.toMatchObject({ status: 503, code: 'CATALOGUE_UNAVAILABLE', user: { text: 'It is down.' } });
    expect(handle).not.toHaveBeenCalled();
  });

  it.each(['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED'])('acts on %s', async (code) => {
    const answer = firstValueFrom(client.get('/api/quota'));
    refuse(http.expectOne('/api/quota'), code === 'NOT_SIGNED_IN' ? 401 : 403, code);
    await expect(answer).rejects.toMatchObject({ code });
    expect(handle).toHaveBeenCalledWith(code);
  });
});
