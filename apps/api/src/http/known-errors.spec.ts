import { CatalogueUnavailable } from '@beamdesk/catalogue';
import { HypervisorUnreachable } from '@beamdesk/hypervisor';
import { NotFoundException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { knownError } from './known-errors';

const withCode = (code: string) => Object.assign(new Error('refused'), { code });

describe('knownError', () => {
  it.each([
    ['a catalogue that wants a sign-in', new CatalogueUnavailable('First.', 'sign-in', 'none'), 409, 'CATALOGUE_SIGN_IN_NEEDED'],
    ['a catalogue that is down', new CatalogueUnavailable('Later.', 'timeout', '10 s'), 503, 'CATALOGUE_UNAVAILABLE'],
    ['a hypervisor that is down', new HypervisorUnreachable('no socket'), 503, 'HOST_UNREACHABLE'],
    ['a database that is starting', new QueryFailedError('SELECT', [], withCode('57P03')), 503, 'DATABASE_UNAVAILABLE'],
    ['a database that is gone', withCode('ECONNREFUSED'), 503, 'DATABASE_UNAVAILABLE'],
    ['a connection that was cut', new Error('Connection terminated unexpectedly'), 503, 'DATABASE_UNAVAILABLE'],
    ['a route that is not there', new NotFoundException(), 404, 'NOT_FOUND'],
  ])('knows %s', (_what, error, status, code) => expect(knownError(error)).toMatchObject({ status, code }));

  it.each([
    ['a violated constraint', new QueryFailedError('INSERT', [], withCode('23505'))],
    ['a programming error', new TypeError('x is undefined')],
    ['another library’s status', Object.assign(new Error('bad grant'), { status: 400 })],
    ['no error at all', 'text'],
  ])('takes %s for a fault of ours', (_what, error) => expect(knownError(error)).toBeNull());

  it('keeps the detail of a database for the log', () => {
    const known = knownError(withCode('ECONNREFUSED'));
    expect(JSON.stringify(known?.body('id'))).not.toContain('refused');
    expect(known?.log).toBe('refused');
  });
});
