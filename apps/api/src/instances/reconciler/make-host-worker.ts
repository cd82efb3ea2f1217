import type { Catalogue } from '@beamdesk/catalogue';
import type { Hypervisor } from '@beamdesk/hypervisor';
import type { DataSource } from 'typeorm';
import { DisplayServant } from '../../display/display-servant';
import { GpuInventory } from '../../gpus/gpu-inventory';
import { GpuLeases } from '../../gpus/gpu-leases';
import { HomeMeasurer } from '../../homes/home-measurer';
import type { Images } from '../../images/images';
import type { LaunchTimes } from '../../launches/launch-times';
import type { Plans } from '../../plans/plans';
import { shareLists } from '../../site/share-lists';
import type { SiteData } from '../../site/site-data';
import { TemplateKeeper } from '../../templates/template-keeper';
import { WantedTemplates } from '../../templates/wanted-templates';
import type { ConsoleSecrets } from '../console-secrets';
import { InstanceReconciler } from '../instance-reconciler';
import type { InstanceSettings } from '../instance-settings';
import type { InstancesRepository } from '../instances.repository';
import { BoundedHypervisor } from './bounded-hypervisor';
import { CapacityPublisher } from './capacity-publisher';
import { ExpirySweeper } from './expiry-sweeper';
import { readHostLoad } from './host-load';
import { HostWorker } from './host-worker';
import { MachineSpecs } from './machine-specs';
import { MembershipCheck } from './membership-check';
import { OrphanWatch } from './orphan-watch';

export interface HostWorkerParts {
  /** The host row it serves. */
  hostId: string;
  dataSource: DataSource;
  instances: InstancesRepository;
  hypervisor: Hypervisor;
  catalogue: Catalogue;
  images: Pick<Images, 'machineImage'>;
  plans: Pick<Plans, 'all'>;
  launches: Pick<LaunchTimes, 'record'>;
  data: Pick<SiteData, 'rules' | 'home'>;
  secrets: ConsoleSecrets;
  settings: InstanceSettings;
  /** On the disk of the machines. */
  dataDir: string;
}

/** Puts a worker and its chores together; not started. */
export function makeHostWorker(parts: HostWorkerParts): HostWorker {
  const { hostId, dataSource, instances, catalogue, secrets, settings } = parts;
  const hypervisor = new BoundedHypervisor(parts.hypervisor, settings.calls);
  const specs = new MachineSpecs(parts.images, (id) => new GpuLeases().of(dataSource.manager, id));
  const chores = {
    reconciler: new InstanceReconciler(instances, hypervisor, specs, secrets, settings, parts.launches),
    expiry: new ExpirySweeper(dataSource, instances),
    orphans: new OrphanWatch(dataSource, hypervisor, settings),
    membership: new MembershipCheck(dataSource, instances, catalogue, settings),
    capacity: new CapacityPublisher(dataSource, hypervisor, () => readHostLoad()),
    display: new DisplayServant(hostId, dataSource, hypervisor),
    homes: new HomeMeasurer(dataSource, hypervisor),
    gpus: new GpuInventory(dataSource, hypervisor),
    templates: new TemplateKeeper(dataSource, hypervisor, new WantedTemplates(parts.plans, parts.images, shareLists(parts.data))),
  };
  return new HostWorker(hostId, dataSource, instances, hypervisor, chores, settings);
}
