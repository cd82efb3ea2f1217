import { DataSource } from 'typeorm';
import { createTestDatabase, createTestDataSource, openTestDataSource, TestDatabase } from '../../test/postgres/test-database';
import { migrate } from './migrate';
import { MIGRATIONS } from './migrations';

describe('migrate', () => {
  let close: () => Promise<void>;
  let dataSource: DataSource;

  beforeAll(async () => ({ dataSource, close } = await createTestDataSource()));
  afterAll(() => close());

  it('leaves no difference between the entities and the schema', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('finds nothing to do the second time', async () => {
    expect(await migrate(dataSource)).toEqual([]);
  });

  it('writes exactly one installation', async () => {
    expect(await dataSource.query('SELECT id FROM installation')).toHaveLength(1);
  });

  it('undoes everything it made', async () => {
    for (let i = 0; i < MIGRATIONS.length; i++) await dataSource.undoLastMigration();
    const tables = await dataSource.query<{ tablename: string }[]>(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables.map(({ tablename }) => tablename)).toEqual(['migration']);
    expect(await migrate(dataSource)).toHaveLength(MIGRATIONS.length);
  });
});

describe('migrate, started by several processes at once', () => {
  let database: TestDatabase;
  const sources: DataSource[] = [];

  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    await database.drop();
  });

  it('runs each migration once and fails nowhere', async () => {
    for (let i = 0; i < 4; i++) sources.push(await openTestDataSource(database));
    const ran = await Promise.all(sources.map((source) => migrate(source)));
    expect(ran.flat()).toHaveLength(MIGRATIONS.length);
  });
});
