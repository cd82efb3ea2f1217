import { FakeGuacd } from '../testing/fake-guacd';
import { waitFor } from '../testing/test-browser';
import { GuacdPool } from './guacd-pool';

const REACH = 2_000;

describe('GuacdPool', () => {
  let one: FakeGuacd;
  let two: FakeGuacd;
  let pool: GuacdPool;

  beforeEach(async () => {
    [one, two] = await Promise.all([FakeGuacd.start(), FakeGuacd.start()]);
    pool = new GuacdPool([one.address, two.address]);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all([one.stop(), two.stop()]);
  });

  const loads = (): number[] => pool.load.map(({ connections }) => connections);

  it('spreads connections, those made at once too, and fills up where some have ended', async () => {
    const four = await Promise.all([1, 2, 3, 4].map(() => pool.connect(REACH)));
    expect(loads()).toEqual([2, 2]);
    const ended = four.filter(({ address }) => address.port === two.address.port);
    ended.forEach(({ socket }) => socket.destroy());
    await waitFor(() => loads()[1] === 0, 'both to end');
    expect((await pool.connect(REACH)).address).toEqual(two.address);
    expect((await pool.connect(REACH)).address).toEqual(two.address);
    four.forEach(({ socket }) => socket.destroy());
  });

  it('skips a dead one, and tries it again later', async () => {
    const { host, port } = one.address;
    await one.stop();
    expect((await pool.connect(REACH)).address).toEqual(two.address);
    expect((await pool.connect(REACH)).address).toEqual(two.address);
    expect(loads()).toEqual([0, 2]);
    one = await FakeGuacd.start({}, { host, port });
    expect((await pool.connect(REACH)).address).toEqual(two.address);
    const later = Date.now() + 6_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    expect((await pool.connect(REACH)).address).toEqual(one.address);
  });

  it('asks a dead one before it gives up, and says so when none answers', async () => {
    const { host, port } = one.address;
    await Promise.all([one.stop(), two.stop()]);
    await expect(pool.connect(REACH)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    one = await FakeGuacd.start({}, { host, port });
    expect((await pool.connect(REACH)).address).toEqual(one.address);
    two = await FakeGuacd.start();
  });

  it('joins where the connection is, and counts it there', async () => {
    await pool.connectTo(two.address, REACH);
    expect(loads()).toEqual([0, 1]);
    const foreign = await FakeGuacd.start();
    expect((await pool.connectTo(foreign.address, REACH)).address).toEqual(foreign.address);
    expect(loads()).toEqual([0, 1]);
    await foreign.stop();
  });
});
