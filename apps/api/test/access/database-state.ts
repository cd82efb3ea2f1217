import type { DataSource } from 'typeorm';

/**
 * Columns that say what a row is about, where others move by themselves: with every request (the idle limit of a login
 * session, when a copy of a catalogue was wanted and confirmed), or with time (what a host reports).
 */
const COUNTED: Record<string, string> = {
  login_session: `sid, user_id, sess ->> 'invitation'`,
  catalogue_copy: 'catalogue, account, proposals',
  copied_membership: 'copy_id, key',
  host: 'id',
};

interface Table {
  name: string;
  /** That can be written. */
  columns: string;
}

/** Remembers every row of a database and puts them back; the checksums tell which tables differ. Needs a superuser. */
export class DatabaseState {
  private constructor(
    private readonly dataSource: DataSource,
    private readonly tables: Table[],
  ) {}

  static async keep(dataSource: DataSource): Promise<DatabaseState> {
    const tables = await dataSource.query<Table[]>(
      `SELECT table_name AS name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
           FILTER (WHERE is_generated = 'NEVER') AS columns
       FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY table_name ORDER BY table_name`,
    );
    await dataSource.query('DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept');
    for (const { name } of tables) await dataSource.query(`CREATE TABLE kept."${name}" AS TABLE public."${name}"`);
    return new DatabaseState(dataSource, tables);
  }

  /** A checksum by table. */
  async sums(): Promise<Record<string, string>> {
    const each = this.tables.map(
      ({ name }) =>
        `SELECT '${name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum
         FROM (SELECT ${COUNTED[name] ?? '*'} FROM public."${name}") t`,
    );
    const rows = await this.dataSource.query<{ name: string; sum: string }[]>(each.join(' UNION ALL '));
    return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
  }

  /** As it was, without triggers and foreign keys having a say. */
  async restore(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL session_replication_role = replica');
      for (const { name, columns } of this.tables) {
        await manager.query(`DELETE FROM public."${name}"`);
        await manager.query(
          `INSERT INTO public."${name}" (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM kept."${name}"`,
        );
      }
    });
  }
}
