import type { EntityManager, InsertQueryBuilder, QueryDeepPartialEntity, UpdateQueryBuilder } from 'typeorm';
import { INSTANCE_CHANNEL } from './change-feed';
import { InstanceEntity } from './entities/instance.entity';

/** SQL over `changed` (column `id`), with `?` for each value that follows it. */
type Consequence = [sql: string, ...values: unknown[]];

/** Changes the row if nobody moved it since it was read. */
export function updateOf(
  manager: EntityManager,
  row: InstanceEntity,
  set: QueryDeepPartialEntity<InstanceEntity>,
): UpdateQueryBuilder<InstanceEntity> {
  const { id, state, revision } = row;
  return manager
    .createQueryBuilder()
    .update(InstanceEntity)
    .set(set)
    .where('id = :id AND state = :state AND revision = :revision', { id, state, revision })
    .returning('id');
}

/**
 * Changes an instance, does what follows from it, and tells the change feed: one statement, so all of it or nothing, in one
 * round trip. False: no row was changed, nothing else was done.
 */
export async function tell(
  manager: EntityManager,
  change: UpdateQueryBuilder<InstanceEntity> | InsertQueryBuilder<InstanceEntity>,
  consequences: Record<string, Consequence> = {},
): Promise<boolean> {
  const [sql, values] = change.getQueryAndParameters();
  const parameters: unknown[] = [...values];
  const place = (value: unknown) => `$${parameters.push(value)}`;
  const parts = Object.entries(consequences).map(([name, [text, ...given]]) => {
    const rest = [...given];
    return `${name} AS (${text.replaceAll('?', () => place(rest.shift()))})`;
  });
  const told = `SELECT pg_notify(${place(INSTANCE_CHANNEL)}, id::text) FROM changed`;
  const rows: unknown[] = await manager.query(
    `WITH ${[`changed AS (${sql})`, ...parts].join(', ')} ${told}`,
    parameters,
  );
  return rows.length === 1;
}
