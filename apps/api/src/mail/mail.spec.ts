import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { until } from '../events/testing/until';
import { Mail } from './mail';
import { MailKeeper } from './mail-keeper';
import { MailOutbox } from './mail-outbox';
import { SmtpSink } from './testing/smtp-sink';

const VALUES = { answer: 'Not this time.' };

describe('mails', () => {
  let sink: SmtpSink;
  let portal: TestApp;
  let mail: Mail;
  let keeper: MailKeeper;
  let refusal: { code: number; text: string } | null = null;
  const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);

  beforeAll(async () => {
    sink = await SmtpSink.start({ recipient: () => refusal });
    portal = await createTestApp({
      env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, MAIL_FROM: 'Desktops <desk@portal.example>' },
    });
    mail = portal.app.get(Mail);
    keeper = portal.app.get(MailKeeper);
  });
  afterAll(async () => {
    await portal?.close();
    await sink?.close();
  });
  beforeEach(async () => {
    refusal = null;
    sink.mails.length = 0;
    warned.mockClear();
    await portal.dataSource.query('DELETE FROM mail');
  });

  const inTransaction = <T>(act: (manager: EntityManager) => Promise<T>) => portal.dataSource.transaction(act);
  const queued = (to: Parameters<Mail['queue']>[2]) =>
    inTransaction((manager) => mail.queue(manager, 'access-refused', to, VALUES));
  const rows = () => portal.dataSource.query<Record<string, unknown>[]>('SELECT * FROM mail');
  const sent = () => until(() => sink.mails.length === 1);
  const eve = { name: 'Eve', address: 'eve@test.example' };

  it('go out by themselves, filled in, and leave nothing of what they said', async () => {
    const { userId } = await portal.person('grace', []);
    expect(await queued({ userId })).toBe(true);
    await sent();
    const [{ to, raw } = { to: [], raw: '' }] = sink.mails;
    expect(to).toEqual(['grace@test.example']);
    expect(raw).toMatch(/^From: Desktops <desk@portal\.example>\r$/m);
    expect(raw).toContain('Dear grace Tester,');
    expect(raw).toContain('Not this time.');
    expect(raw).not.toContain('{{');
    await until(async () => (await rows())[0]?.['state'] === 'SENT');
    const [row] = await rows();
    expect(row).toMatchObject({ to_name: null, to_address: null, subject: null, body: null, tries: 1, user_id: userId });
    expect(raw).toContain(`Message-ID: <${String(row?.['id'])}@localhost>`);
  });

  it('are not written where their transaction fails', async () => {
    await expect(
      inTransaction(async (manager) => {
        await mail.queue(manager, 'access-refused', eve, VALUES);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  it.each([null, '', 'eve', 'eve@test.example\r\nBcc: all@test.example', 'a@test.example, b@test.example'])(
    'are not written to the address %j',
    async (email) => {
      const { userId } = await portal.person(`nobody-${String(email)}`, []);
      await portal.dataSource.query('UPDATE user_account SET email = $2 WHERE id = $1', [userId, email]);
      expect(await queued({ userId })).toBe(false);
      expect(await rows()).toEqual([]);
    },
  );

  it('get no further header from a name', async () => {
    await queued({ ...eve, name: 'Eve\r\nBcc: all@test.example\r\n' });
    await sent();
    expect(sink.mails[0]?.to).toEqual(['eve@test.example']);
    expect(sink.mails[0]?.raw.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im);
  });

  it('wait longer after each failure, and come then; the log tells neither whom nor what', async () => {
    refusal = { code: 451, text: 'eve@test.example: later' };
    await queued(eve);
    await until(async () => (await rows())[0]?.['tries'] === 1 && warned.mock.calls.length === 1);
    const pause = async () => {
      const [row] = await portal.dataSource.query<{ s: number }[]>(
        'SELECT round(extract(epoch FROM due_at - now()))::int AS s FROM mail',
      );
      return row?.s ?? 0;
    };
    expect(await pause()).toBeGreaterThan(25);
    await portal.dataSource.query('UPDATE mail SET due_at = now()');
    await until(async () => (await rows())[0]?.['tries'] === 2 && warned.mock.calls.length === 2);
    expect(await pause()).toBeGreaterThan(55);
    expect(JSON.stringify(warned.mock.calls)).not.toMatch(/eve@|Not this time/);
    refusal = null;
    await portal.dataSource.query('UPDATE mail SET due_at = now()');
    await sent();
    await until(async () => (await rows())[0]?.['state'] === 'SENT');
  });

  it.each<[string, { code: number; text: string }, number]>([
    ['refused for good', { code: 550, text: 'no such mailbox' }, 0],
    ['tried for a day', { code: 451, text: 'later' }, 29],
  ])('are given up when %s', async (_what, answer, tries) => {
    refusal = answer;
    await inTransaction(async (manager) => {
      await mail.queue(manager, 'access-refused', eve, VALUES);
      await manager.query('UPDATE mail SET tries = $1', [tries]);
    });
    await until(async () => (await rows())[0]?.['state'] === 'GIVEN_UP');
    expect((await rows())[0]).toMatchObject({ body: null, to_address: null });
    expect(JSON.stringify(warned.mock.calls)).toContain('is given up');
  });

  it('come again with the same Message-ID when nobody noted that they went', async () => {
    const outbox = portal.app.get(MailOutbox);
    const lost = jest.spyOn(outbox, 'end').mockRejectedValueOnce(new Error('killed'));
    await queued(eve);
    await until(() => lost.mock.calls.length === 1);
    expect((await rows())[0]).toMatchObject({ state: 'WAITING', tries: 1 });
    await portal.dataSource.query('UPDATE mail SET due_at = now()');
    await until(() => sink.mails.length === 2);
    const ids = sink.mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]);
    expect(ids[0]).toMatch(/^<[0-9a-f-]{36}@localhost>/);
    expect(ids[1]).toBe(ids[0]);
    lost.mockRestore();
  });

  it('go once each, however many send', async () => {
    for (let i = 0; i < 6; i++) await queued({ name: `n${i}`, address: `n${i}@test.example` });
    await Promise.all([keeper.sweep(), keeper.sweep(), keeper.sweep()]);
    await until(async () => (await rows()).every(({ state }) => state === 'SENT'));
    expect(sink.mails.flatMap(({ to }) => to).sort()).toEqual([0, 1, 2, 3, 4, 5].map((i) => `n${i}@test.example`));
  });
});

describe('a portal without a mail server', () => {
  it('writes no mails', async () => {
    const portal = await createTestApp();
    try {
      const mail = portal.app.get(Mail);
      const to = { name: 'Eve', address: 'eve@test.example' };
      expect(await portal.dataSource.transaction((m) => mail.queue(m, 'access-refused', to, VALUES))).toBe(false);
      expect(await portal.dataSource.query('SELECT FROM mail')).toEqual([]);
    } finally {
      await portal.close();
    }
  });
});
