import {
  type MachineImage,
  MachineRefused,
  type MachineSpec,
  type Personalisation,
  type Protocol,
} from '@beamdesk/hypervisor';
import { Images, ImageUnusable } from '../../images/images';
import type { InstanceEntity } from '../entities/instance.entity';
import { machineFlavour } from '../plan-snapshot';

/** From our record to what the hypervisor is asked for. */
export class MachineSpecs {
  /** @param gpusOf the cards that an instance has */
  constructor(
    private readonly images: Pick<Images, 'machineImage'>,
    readonly gpusOf: (instanceId: string) => Promise<string[]> = async () => [],
  ) {}

  /** @throws MachineRefused when the image is not usable on this host */
  async imageOf(row: InstanceEntity): Promise<{ image: MachineImage; protocol: Protocol }> {
    try {
      return await this.images.machineImage(row.plan.imageId, row.plan.imageVersion ?? null);
    } catch (error) {
      if (!(error instanceof ImageUnusable)) throw error;
      throw new MachineRefused(error.message, 'image-missing', error.detail);
    }
  }

  async specOf(row: InstanceEntity, password: string): Promise<MachineSpec> {
    if (row.consolePort === null || row.consoleProtocol === null) {
      throw new Error(`instance ${row.id} is in ${row.state} without a reserved console`);
    }
    return {
      id: row.id,
      installation: row.installationId,
      image: (await this.imageOf(row)).image,
      flavour: machineFlavour(row.plan.flavour),
      console: { protocol: row.consoleProtocol, port: row.consolePort, password },
      shares: row.dataAccess.shares,
      nfs: row.dataAccess.nfs ?? [],
      network: row.plan.network ?? 'none',
      cloudInit: row.plan.cloudInit ?? null,
      gpus: await this.gpusOf(row.id),
      runAs: row.dataAccess.runAs,
      requestId: row.requestId,
    };
  }

  /** @param password of the console; told to guests that serve it themselves, and to no other */
  personalisationOf(row: InstanceEntity, password: string): Personalisation {
    return {
      hostname: hostnameOf(row.proposalName, row.id),
      timeZone: row.dataAccess.timeZone,
      person: { id: row.ownerId, name: row.dataAccess.personName },
      proposal: { key: row.proposalKey, name: row.proposalName, title: row.proposalTitle },
      mounts: row.dataAccess.mounts,
      keyboard: row.plan.keyboard,
      consolePassword: row.consoleProtocol === 'rdp' ? password : null,
      bootScript: row.plan.bootScript,
    };
  }
}

/** RFC 1123 label that a person recognises in a prompt and that no other machine has. */
export function hostnameOf(proposalName: string, instanceId: string): string {
  const name = proposalName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `${name || 'desktop'}-${instanceId.slice(0, 8)}`;
}
