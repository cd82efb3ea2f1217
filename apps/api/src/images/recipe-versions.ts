import type { EntityManager } from 'typeorm';
import type { ImageDescription } from './images';

const LATEST = `
  SELECT number, sha256, state FROM image_version WHERE image_id = $1 AND source->>'kind' = 'recipe'
  ORDER BY number DESC LIMIT 1`;

const ADD = `
  INSERT INTO image_version (image_id, number, state, source, sha256, boot, protocol, agent, software)
  SELECT $1, coalesce(max(number), 0) + 1, 'active', jsonb_build_object('kind', 'recipe', 'name', $1::text), $2, $3, $4, $5, $6
  FROM image_version WHERE image_id = $1
  RETURNING number`;

/**
 * Keeps the version of an image's folder: the one that is active, and a new one when the folder holds another content. In a transaction
 * under the lock of the site's tables.
 */
export async function keepRecipe(manager: EntityManager, image: ImageDescription): Promise<void> {
  const { id, sha256, protocol, agent } = image;
  const boot = JSON.stringify(image.boot);
  const software = JSON.stringify(image.software.map((name) => ({ name, version: null })));
  const [latest] = await manager.query<{ number: number; sha256: string; state: string }[]>(LATEST, [id]);
  const number = latest?.sha256 === sha256 ? latest.number : null;
  const retired = await manager.query<[{ number: number }[], number]>(
    `UPDATE image_version SET state = 'retired'
     WHERE image_id = $1 AND state = 'active' AND number IS DISTINCT FROM $2 RETURNING number`,
    [id, number],
  );
  for (const former of retired[0]) await note(manager, id, former.number, 'retired');
  if (number === null) {
    const [added] = await manager.query<{ number: number }[]>(ADD, [id, sha256, boot, protocol, agent, software]);
    if (added) await note(manager, id, added.number, 'activated');
    return;
  }
  await manager.query(
    `UPDATE image_version SET state = 'active', boot = $3, protocol = $4, agent = $5, software = $6
     WHERE image_id = $1 AND number = $2`,
    [id, number, boot, protocol, agent, software],
  );
}

async function note(manager: EntityManager, id: string, number: number, what: 'activated' | 'retired'): Promise<void> {
  await manager.query('INSERT INTO image_version_event (image_id, number, what) VALUES ($1, $2, $3)', [id, number, what]);
}
