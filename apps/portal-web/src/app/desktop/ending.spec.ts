import { ApiError } from '../api/api-error';
import { toUserMessage } from '../api/user-message';
import { verdictOfStatus, verdictOfTicketError } from './ending';

function refusal(status: number, code: string): ApiError {
  return new ApiError(status, toUserMessage(status, { code, message: 'What the server says.' }));
}

describe('verdictOfStatus', () => {
  it.each([
    [0, 'closed'],
    [523, 'stopped'],
    [768, 'refused'],
    [771, 'forbidden'],
    [797, 'refused'],
  ])('never comes back by itself after %d: %s', (status, reason) => {
    expect(verdictOfStatus(status)).toEqual({ retry: false, reason });
  });

  it.each([
    [512, 'portal'],
    [514, 'network'],
    [516, 'display'],
    [519, 'network'],
    [520, 'display'],
    [769, 'portal'],
    [776, 'network'],
    [9999, 'display'],
    [Number.NaN, 'display'],
  ])('comes back after %d: %s', (status, reason) => {
    expect(verdictOfStatus(status)).toEqual({ retry: true, reason });
  });
});

describe('verdictOfTicketError', () => {
  it.each([
    [401, 'NOT_SIGNED_IN', { retry: false, reason: 'signed-out' }],
    [403, 'NOT_AUTHORISED', { retry: false, reason: 'forbidden', message: 'What the server says.' }],
    [404, 'NOT_FOUND', { retry: false, reason: 'gone' }],
    [400, 'BAD_REQUEST', { retry: false, reason: 'refused', message: 'What the server says.' }],
    [409, 'NOT_READY', { retry: true, reason: 'not-ready' }],
    [429, 'TOO_MANY_REQUESTS', { retry: true, reason: 'portal' }],
    [503, 'CATALOGUE_UNAVAILABLE', { retry: true, reason: 'portal' }],
    [502, 'UNAVAILABLE', { retry: true, reason: 'portal' }],
    [0, 'OFFLINE', { retry: true, reason: 'network' }],
  ])('%d %s', (status, code, verdict) => {
    expect(verdictOfTicketError(refusal(status, code))).toEqual(verdict);
  });

  it('tries again when the page itself could not load what it needs', () => {
    expect(verdictOfTicketError(new TypeError('Failed to fetch dynamically imported module'))).toEqual({
      retry: true,
      reason: 'network',
    });
  });
});
