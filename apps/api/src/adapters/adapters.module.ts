import { Catalogue } from '@beamdesk/catalogue';
import { Hypervisor } from '@beamdesk/hypervisor';
import { Global, Module, OnApplicationShutdown } from '@nestjs/common';
import { catalogueProvider } from './catalogue.provider';
import { KeptCatalogueSessions } from '../catalogue-sessions/kept-catalogue-sessions';
import { CatalogueDoors } from './catalogues/catalogue-doors';
import { catalogueEntriesProvider } from './catalogues/catalogue-entries';
import { CatalogueLinks } from './catalogues/catalogue-links';
import { hypervisorProvider } from './hypervisor.provider';

/** The only place that names an adapter. Everybody else asks for the ports `Catalogue` and `Hypervisor`. */
@Global()
@Module({
  providers: [catalogueEntriesProvider, catalogueProvider, CatalogueLinks, CatalogueDoors, KeptCatalogueSessions, hypervisorProvider],
  exports: [Catalogue, CatalogueLinks, CatalogueDoors, KeptCatalogueSessions, Hypervisor],
})
export class AdaptersModule implements OnApplicationShutdown {
  constructor(
    private readonly hypervisor: Hypervisor,
    private readonly catalogue: Catalogue,
  ) {}

  /** Sockets, timers and sessions at catalogues go, machines run on. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.hypervisor.close(), this.catalogue.close()]);
  }
}
