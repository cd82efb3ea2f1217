import type { GpusView, GpuView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HostGpuEntity } from './host-gpu.entity';

interface LeaseRow {
  host_id: string;
  address: string;
  since: Date;
  instance_id: string;
  owner_id: string;
  owner_name: string;
  proposal_key: string;
  proposal_name: string;
}

const LEASES = `
  SELECT lease.host_id, lease.address, lease.since, i.id AS instance_id, i.proposal_key, i.proposal_name,
    owner.id AS owner_id, owner.name AS owner_name
  FROM gpu_lease lease JOIN instance i ON i.id = lease.instance_id JOIN user_account owner ON owner.id = i.owner_id`;

/** PCI-SIG's numbers of those who make such cards, and of those whose cards show a server's console. */
const VENDORS: Record<string, string> = {
  '10de': 'NVIDIA',
  '1002': 'AMD',
  '8086': 'Intel',
  '1a03': 'ASPEED',
  '102b': 'Matrox',
  '1234': 'QEMU',
  '1af4': 'virtio',
};

/** The graphics cards of all hosts with those who have them. */
@Injectable()
export class GpusService {
  constructor(private readonly dataSource: DataSource) {}

  async list(): Promise<GpusView> {
    const { manager } = this.dataSource;
    const [cards, leases] = await Promise.all([
      manager.find(HostGpuEntity, { order: { hostId: 'ASC', address: 'ASC' } }),
      manager.query<LeaseRow[]>(LEASES),
    ]);
    const leaseOf = new Map(leases.map((lease) => [`${lease.host_id} ${lease.address}`, lease]));
    return { items: cards.map((card) => gpuView(card, leaseOf.get(`${card.hostId} ${card.address}`))) };
  }
}

function gpuView({ seenAt, ...card }: HostGpuEntity, lease: LeaseRow | undefined): GpuView {
  return {
    ...card,
    vendorName: VENDORS[card.vendor] ?? null,
    state: lease ? 'leased' : card.unusable === null ? 'free' : 'unusable',
    seenAt: seenAt.toISOString(),
    lease: lease
      ? {
          instanceId: lease.instance_id,
          owner: { id: lease.owner_id, name: lease.owner_name },
          proposal: { key: lease.proposal_key, name: lease.proposal_name },
          since: lease.since.toISOString(),
        }
      : null,
  };
}
