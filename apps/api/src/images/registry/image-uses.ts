import type { EntityManager } from 'typeorm';

/** What holds on to a version. */
export interface VersionUses {
  /** Not yet deleted, those with nothing but a kept disk included. */
  desktops: number;
  /** Of them: those that do not run, and whose disk is kept. */
  keptDisks: number;
}

const USES = `
  SELECT (plan_snapshot->>'imageVersion')::int AS number, count(*)::int AS desktops,
    (count(*) FILTER (WHERE state IN ('STOPPED', 'FAILED') AND alloc_storage_mib > 0))::int AS "keptDisks"
  FROM instance
  WHERE state <> 'DELETED' AND plan_snapshot->>'imageId' = $1 AND plan_snapshot->>'imageVersion' IS NOT NULL
  GROUP BY 1`;

/** Of all versions of an image that something holds on to, by number. */
export async function usesOf(manager: EntityManager, imageId: string): Promise<Map<number, VersionUses>> {
  const rows = await manager.query<(VersionUses & { number: number })[]>(USES, [imageId]);
  return new Map(rows.map(({ number, desktops, keptDisks }) => [number, { desktops, keptDisks }]));
}
