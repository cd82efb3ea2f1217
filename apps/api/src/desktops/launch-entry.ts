import type { EntityManager } from 'typeorm';
import { writeAudit } from '../audit/write-audit';
import type { DataAccess } from '../instances/data-access';
import type { Launch } from './launch-planner';

const CONTENT = `
  SELECT sha256 FROM image_version
  WHERE image_id = $1 AND CASE WHEN $2::int IS NULL THEN state = 'active' ELSE number = $2 END`;

/**
 * What the audit keeps of a launch, in the transaction of the click: what was started, by which plan, from which content, and
 * which data it was shown and how.
 */
export async function auditLaunch(
  manager: EntityManager,
  desktop: string,
  ownerId: string,
  { plan, proposal, dataAccess, keptOf }: Launch,
): Promise<void> {
  const imageVersion = plan.imageVersion ?? null;
  const [content] = await manager.query<{ sha256: string | null }[]>(CONTENT, [plan.imageId, imageVersion]);
  await writeAudit(manager, {
    kind: 'desktop-launched',
    actorId: ownerId,
    subjectId: ownerId,
    details: {
      ...{
        desktop,
        proposal: proposal.name,
        proposalKey: proposal.key,
        plan: plan.id,
        image: plan.imageId,
        imageVersion,
      },
      imageSha256: content?.sha256 ?? null,
      keptDisk: keptOf !== null,
      data: foldersOf(dataAccess),
    },
  });
}

/** Each with how it is mounted, and whether the desktop may write to it. */
function foldersOf({ shares, nfs = [] }: DataAccess): string[] {
  return [
    ...shares.map(
      ({ hostPath, kind = '9p', readOnly }) => `${hostPath} (${kind}, ${readOnly ? 'read-only' : 'writable'})`,
    ),
    ...nfs.map(({ server, exportPath }) => `${server}:${exportPath} (nfs, read-only)`),
  ];
}
