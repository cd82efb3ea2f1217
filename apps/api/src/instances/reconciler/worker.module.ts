import { Catalogue } from '@beamdesk/catalogue';
import { Hypervisor } from '@beamdesk/hypervisor';
import { Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../../config';
import { Images } from '../../images/images';
import { LaunchTimes } from '../../launches/launch-times';
import { Plans } from '../../plans/plans';
import { Site } from '../../site/site';
import { ConsoleSecrets } from '../console-secrets';
import { InstanceSettings } from '../instance-settings';
import { InstancesModule } from '../instances.module';
import { InstancesRepository } from '../instances.repository';
import type { HostWorker } from './host-worker';
import { makeHostWorker } from './make-host-worker';

/** Starts the worker of this host with the process, where the process has that role, and ends it with it. */
@Injectable()
export class WorkerLife implements OnApplicationBootstrap, OnApplicationShutdown {
  private worker: HostWorker | null = null;

  constructor(
    private readonly config: Config,
    private readonly site: Site,
    private readonly dataSource: DataSource,
    private readonly hypervisor: Hypervisor,
    private readonly catalogue: Catalogue,
    private readonly instances: InstancesRepository,
    private readonly images: Images,
    private readonly plans: Plans,
    private readonly launches: LaunchTimes,
    private readonly secrets: ConsoleSecrets,
    private readonly settings: InstanceSettings,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('worker')) return;
    const { hostName, dataDir } = this.config;
    if (!this.site.hosts.some(({ name }) => name === hostName)) {
      throw new Error(`HOST_NAME: ${hostName} is not a host of SITE_FILE`);
    }
    const { dataSource, instances, hypervisor, catalogue, images, plans, launches, secrets, settings } = this;
    const parts = { dataSource, instances, hypervisor, catalogue, images, plans, launches, secrets, settings };
    this.worker = makeHostWorker({ ...parts, data: this.site.data, hostId: hostName, dataDir });
    this.worker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker?.stop();
  }
}

@Module({ imports: [InstancesModule], providers: [WorkerLife] })
export class WorkerModule {}
