import { provision } from './database.ts';
import type { House } from './services.ts';
import {
  apiService,
  bridgeService,
  frontService,
  guacdService,
  identitiesService,
  launcherService,
  postgresService,
} from './services.ts';
import { Service } from './service.ts';
import type { ServiceSpec } from './service.ts';

/** The running services of one start, in the order in which they were started. */
export class HouseServices {
  private readonly started: Service[] = [];
  private readonly house: House;

  constructor(house: House) {
    this.house = house;
  }

  /** Starts all of them; resolves when each answers. */
  async start(): Promise<void> {
    const { house } = this;
    const database = this.launch(postgresService(house)).then(() => provision(house.database));
    const launcher = this.launch(launcherService(house));
    await Promise.all([
      this.launch(guacdService(house)),
      this.launch(identitiesService(house)),
      this.launch(frontService(house)),
      Promise.all([database, launcher])
        .then(() => this.launch(apiService(house)))
        .then(() => this.launch(bridgeService(house))),
    ]);
  }

  /** Clean ends: first what people talk to, the database last. */
  async stop(): Promise<void> {
    const named = (...names: string[]) => this.started.filter(({ spec }) => names.includes(spec.name));
    const together = (services: Service[]) => Promise.all(services.map((service) => service.stop()));
    await together(named('front', 'bridge'));
    await together(named('api'));
    await together(named('identities', 'guacd', 'launcher'));
    await together(named('postgres'));
  }

  /** Their ends at once. */
  kill(): void {
    this.started.forEach((service) => service.kill());
  }

  private async launch(spec: ServiceSpec | null): Promise<void> {
    if (!spec) return;
    const service = new Service(spec, this.house.layout);
    this.started.push(service);
    await service.start();
  }
}
