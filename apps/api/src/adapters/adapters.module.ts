import { Catalogue } from '@beamdesk/catalogue';
import { Hypervisor } from '@beamdesk/hypervisor';
import { Global, Module, OnApplicationShutdown } from '@nestjs/common';
import { catalogueProvider } from './catalogue.provider';
import { hypervisorProvider } from './hypervisor.provider';

/** The only place that names an adapter. Everybody else asks for the ports `Catalogue` and `Hypervisor`. */
@Global()
@Module({ providers: [catalogueProvider, hypervisorProvider], exports: [Catalogue, Hypervisor] })
export class AdaptersModule implements OnApplicationShutdown {
  constructor(private readonly hypervisor: Hypervisor) {}

  /** Sockets and timers go, machines run on. */
  onApplicationShutdown(): Promise<void> {
    return this.hypervisor.close();
  }
}
