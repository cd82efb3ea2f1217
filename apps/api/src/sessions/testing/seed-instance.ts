import { randomUUID } from 'node:crypto';
import type { MemberRole } from '@beamdesk/contracts';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConsoleSecrets } from '../../instances/console-secrets';
import { notifyInstance } from '../../instances/change-feed';
import { InstanceEntity } from '../../instances/entities/instance.entity';
import { MemberEntity } from '../../instances/entities/member.entity';
import { installationOf } from '../../instances/installation';

export const CONSOLE_PASSWORD = 'pw-6xYz9';

/** A desktop as the click and the reconciler would have left it; READY unless said otherwise. */
export async function seedInstance(
  app: INestApplication,
  ownerId: string,
  set: Partial<InstanceEntity> & { role?: MemberRole; tell?: boolean } = {},
): Promise<string> {
  const dataSource = app.get(DataSource);
  const id = randomUUID();
  const needs = { machines: 1, vcpus: 1, memoryMib: 512, storageMib: 1024, gpus: 0 };
  const flavour = { vcpus: 1, memoryMib: 512, diskMib: 1024 };
  const plan = {
    id: 'tiny',
    name: 'Tiny',
    description: 'd',
    imageId: 'tiny',
    flavour,
    needs,
    lifetimeMinutes: 60,
    keepsDisk: false,
    keyboard: null,
    bootScript: null,
  };
  const { role = 'OWNER', tell = true, ...columns } = set;
  await dataSource.transaction(async (manager) => {
    await manager.insert(InstanceEntity, {
      id,
      installationId: await installationOf(dataSource),
      ownerId,
      proposalKey: 'demo:Lumina:20260302',
      proposalName: '20260302',
      proposalTitle: 'Micelles under shear',
      catalogue: 'demo',
      service: 'desktop',
      planId: plan.id,
      plan,
      dataAccess: { shares: [], mounts: [], runAs: null, personName: 'x', timeZone: 'UTC' },
      hostId: 'local',
      state: 'READY',
      wanted: 'RUNNING',
      wantedReason: 'launched',
      allocMachines: 1,
      allocVcpus: 1,
      allocMemoryMib: 512,
      allocStorageMib: 1024,
      allocGpus: 0,
      consoleProtocol: 'vnc',
      consolePort: 20001,
      consoleSecret: app.get(ConsoleSecrets).seal(id, CONSOLE_PASSWORD),
      ...columns,
    });
    await manager.insert(MemberEntity, { instanceId: id, userId: ownerId, role });
    if (tell) await notifyInstance(manager, id);
  });
  return id;
}

/** Sets columns as the reconciler or a click would, with the word to the change feed. */
export async function changeInstance(
  dataSource: DataSource,
  id: string,
  set: Partial<
    Pick<InstanceEntity, 'state' | 'wanted' | 'membershipLostAt' | 'step' | 'consoleProtocol' | 'readyAt'>
  >,
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.update(InstanceEntity, { id }, set);
    await notifyInstance(manager, id);
  });
}
