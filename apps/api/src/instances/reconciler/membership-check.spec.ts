import { CatalogueUnavailable, type CatalogueErrorReason } from '@beamdesk/catalogue';
import { EditableCatalogue } from '@beamdesk/catalogue/testing';
import { Logger } from '@nestjs/common';
import { CatalogueAccountEntity } from '../../auth/entities/catalogue-account.entity';
import { Bench, HOST } from '../testing/bench';
import { MembershipCheck } from './membership-check';

/** Knows nobody, and cannot be asked about some proposals. */
class PartlySilentCatalogue extends EditableCatalogue {
  readonly asked: string[] = [];

  constructor(private readonly silent: ReadonlyMap<string, CatalogueErrorReason>) {
    super('demo', 'lab');
  }

  override async isMember(_account: unknown, key: string): Promise<boolean> {
    this.asked.push(key);
    const reason = this.silent.get(key);
    if (reason) throw new CatalogueUnavailable('Later.', reason, 'for a test');
    return false;
  }
}

describe('asking whether owners are still members', () => {
  let bench: Bench;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    bench = await Bench.open();
    await bench.dataSource.manager.insert(CatalogueAccountEntity, {
      userId: bench.owner,
      catalogue: 'demo',
      name: 'ada',
      linkedBy: 'test',
    });
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.dataSource.query('TRUNCATE instance CASCADE'));

  const sweep = async (silent: [string, CatalogueErrorReason][]) => {
    const catalogue = new PartlySilentCatalogue(new Map(silent));
    await new MembershipCheck(bench.dataSource, bench.instances, catalogue, bench.settings).sweep(HOST);
    return catalogue.asked.length;
  };
  const lost = async (id: string) => (await bench.row(id)).membershipLostAt !== null;

  it.each([
    ['sign-in', 2, true],
    ['unreachable', 1, false],
  ] as const)('%s is no loss; others are asked meanwhile: %i', async (reason, asked, others) => {
    const [first, second] = [await bench.request(), await bench.request()];
    await bench.dataSource.query(`UPDATE instance SET membership_checked_at = now() - interval '1 day' WHERE id = $1`, [second]);
    expect(await sweep([[`demo:lab:${first}`, reason]])).toBe(asked);
    expect([await lost(first), await lost(second)]).toEqual([false, others]);
  });
});
