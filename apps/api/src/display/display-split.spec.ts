import type { DataSource } from 'typeorm';
import { displayFixed } from '@beamdesk/hypervisor';
import { HostLease } from '../instances/reconciler/host-lease';
import { SessionBench } from '../sessions/testing/session-bench';
import { DISPLAY_CHANNEL } from './display-channel';
import { DisplayServant } from './display-servant';

const SIZE = { width: 1504, height: 846 };

/** A process with the role `web` alone, and the worker's end elsewhere: they have nothing but the database in common. */
describe('a size that is asked for where no machines run', () => {
  let bench: SessionBench;
  let database: DataSource;
  let lease: HostLease | null;
  let setDisplay: jest.Mock;

  beforeAll(async () => {
    bench = await SessionBench.create();
    database = bench.test.dataSource;
    setDisplay = jest.fn();
    const servant = new DisplayServant('local', database, { setDisplay });
    lease = await HostLease.take(database, 'local', {
      instanceChanged: () => undefined,
      templatesChanged: () => undefined,
      displayWanted: (wish) => void servant.serve(wish),
    });
  });
  afterAll(async () => {
    await lease?.release();
    await bench.test.close();
  });
  beforeEach(async () => {
    await bench.reset();
    setDisplay.mockReset().mockResolvedValue(undefined);
  });

  const ask = () => bench.ada.browser.send('PUT', `/api/instances/${bench.instance}/display`, SIZE);

  it('reaches the host that runs the machine, and its answer comes back', async () => {
    expect((await ask()).status).toBe(202);
    expect(setDisplay.mock.calls).toEqual([[bench.instance, SIZE]]);
    setDisplay.mockRejectedValue(displayFixed('no agent'));
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'DISPLAY_FIXED' } });
  });

  it('does nothing on another host', async () => {
    await database.query(
      `INSERT INTO host (id, memory_limit_mib, disk_reserve_mib, port_from, port_to) VALUES ('far', 0, 0, 5000, 5009)`,
    );
    await database.query(`UPDATE instance SET host_id = 'far' WHERE id = $1`, [bench.instance]);
    expect((await ask()).status).toBe(202);
    expect(setDisplay).not.toHaveBeenCalled();
  });

  it('is not for somebody who left the team', async () => {
    await database.query('UPDATE instance SET membership_lost_at = now() WHERE id = $1', [bench.instance]);
    expect((await ask()).status).toBe(404);
    expect(setDisplay).not.toHaveBeenCalled();
  });

  it('is heard past words that are no wish', async () => {
    for (const noise of ['{', '[]', '"x"', '{"request":"1"}', JSON.stringify({ hostId: 'local', size: SIZE })]) {
      await database.query('SELECT pg_notify($1, $2)', [DISPLAY_CHANNEL, noise]);
      await database.query('SELECT pg_notify($1, $2)', ['beamdesk_display_answer', noise]);
    }
    expect((await ask()).status).toBe(202);
    expect(setDisplay).toHaveBeenCalledTimes(1);
  });
});
