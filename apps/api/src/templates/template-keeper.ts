import type { Hypervisor, Template } from '@beamdesk/hypervisor';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TemplateEntity } from './template.entity';
import type { WantedTemplates } from './wanted-templates';

interface KnownRow {
  key: string;
  state: string;
  /** As PostgreSQL writes it: a Date would lose the microseconds it is compared by. */
  asked: string | null;
}

/** Told again now and then: what a template depends on may change without the offer, such as a new QEMU. */
const RETELL_MS = 60_000;

/** Has the hypervisor keep a template for every kind of launch on offer, and writes down how each of them stands. */
export class TemplateKeeper {
  private readonly log = new Logger('Templates');
  /** What the hypervisor was last told to keep, and when. */
  private told: { offer: string; at: number } | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly hypervisor: Pick<Hypervisor, 'keepTemplates' | 'templates' | 'rebuildTemplate'>,
    private readonly wanted: Pick<WantedTemplates, 'specs'>,
  ) {}

  async keep(hostId: string): Promise<void> {
    await this.tellOffer();
    const known = await this.dataSource.query<KnownRow[]>(
      'SELECT key, state, rebuild_asked_at::text AS asked FROM template WHERE host_id = $1',
      [hostId],
    );
    for (const { key, asked } of known) if (asked !== null) await this.rebuild(hostId, key, asked);
    const templates = await this.hypervisor.templates();
    await this.write(hostId, templates);
    this.report(hostId, templates, new Map(known.map(({ key, state }) => [key, state])));
  }

  private async tellOffer(): Promise<void> {
    const specs = await this.wanted.specs();
    const offer = JSON.stringify(specs);
    if (this.told?.offer === offer && Date.now() - this.told.at < RETELL_MS) return;
    await this.hypervisor.keepTemplates(specs);
    this.told = { offer, at: Date.now() };
  }

  /** Asked for until the hypervisor took it; asked for again meanwhile, it stays asked for. */
  private async rebuild(hostId: string, key: string, asked: string): Promise<void> {
    this.log.log(`template ${key} on ${hostId} is built anew, as asked`);
    await this.hypervisor.rebuildTemplate(key);
    await this.dataSource.query(
      `UPDATE template SET rebuild_asked_at = NULL
       WHERE host_id = $1 AND key = $2 AND rebuild_asked_at = $3::timestamptz`,
      [hostId, key, asked],
    );
  }

  private async write(hostId: string, templates: Template[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const keys = templates.map(({ key }) => key);
      await manager.query('DELETE FROM template WHERE host_id = $1 AND key <> ALL($2)', [hostId, keys]);
      if (templates.length === 0) return;
      const rows = templates.map((template, position) => columnsOf(hostId, template, position));
      await manager.upsert(TemplateEntity, rows, ['hostId', 'key']);
    });
  }

  /** Once, when it comes to that: launches go on cold until somebody looks after it. */
  private report(hostId: string, templates: Template[], before: Map<string, string>): void {
    for (const { key, imageId, state, failures, failure } of templates) {
      if (state !== 'set-aside' || before.get(key) === state) continue;
      this.log.error(
        `template ${key} of image ${imageId} on ${hostId} is set aside after ${failures} failures: ${failure}`,
      );
    }
  }
}

function columnsOf(hostId: string, template: Template, position: number) {
  const { flavour, ...columns } = template;
  const { vcpus, memoryMib, diskMib } = flavour;
  return { ...columns, vcpus, memoryMib, diskMib, hostId, position, observedAt: () => 'clock_timestamp()' };
}
