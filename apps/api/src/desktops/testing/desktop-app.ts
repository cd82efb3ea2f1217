import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalogue } from '@beamdesk/catalogue';
import { EditableCatalogue, UnreachableCatalogue } from '@beamdesk/catalogue/testing';
import type { Role } from '@beamdesk/contracts';
import { Hypervisor } from '@beamdesk/hypervisor';
import { MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { TEST_SITE } from '../../../test/app/test-site';
import { createTestApp, type TestApp, type TestAppOptions } from '../../../test/app/test-app';
import type { TestBrowser } from '../../../test/app/browser';
import { IntakeLife } from '../../images/job/intake-life';
import { WorkerLife } from '../../instances/reconciler/worker.module';
import { HostEntity } from '../../site/entities/host.entity';

const BEAMLINE = { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' };

/** The real api with one small image on offer, a catalogue that tests edit, and machines that are only remembered. */
export interface DesktopApp {
  api: TestApp;
  catalogue: EditableCatalogue;
  /** Stands before `catalogue`; switch `reachable`. */
  gate: UnreachableCatalogue;
  machines: MemoryHypervisor;
  /** Where the image's folder lies. */
  images: string;
  /** A proposal of these accounts whose data folder exists; its key. */
  proposal(name: string, team: string[], given?: { data?: boolean; beamline?: string }): string;
  signedIn(account: string, roles?: Role[]): Promise<{ browser: TestBrowser; userId: string }>;
  close(): Promise<void>;
}

export interface DesktopAppOptions {
  /** Without it nothing runs: what is launched stays REQUESTED. */
  worker?: boolean;
  /** In place of the smallest site file. */
  site?: string;
  /** More settings. */
  env?: Record<string, string>;
  /** Any free one without it. */
  port?: number;
  /** Replaces more providers. */
  override?: TestAppOptions['override'];
}

export async function createDesktopApp(options: DesktopAppOptions = {}): Promise<DesktopApp> {
  const { worker = false, site = TEST_SITE, env, port, override } = options;
  const images = mkdtempSync(join(tmpdir(), 'beamdesk-images-'));
  mkdirSync(join(images, 'tiny'));
  const image = {
    id: 'tiny',
    name: 'Tiny',
    sha256: 'a'.repeat(64),
    boot: { kind: 'disk' },
    agent: true,
    protocol: 'vnc',
  };
  writeFileSync(join(images, 'tiny/image.json'), JSON.stringify(image));
  writeFileSync(join(images, 'tiny/disk.qcow2'), '');
  writeFileSync(join(images, 'site.yaml'), site);
  const catalogue = new EditableCatalogue('demo', 'Lumina');
  const gate = new UnreachableCatalogue(catalogue);
  gate.reachable = true;
  const machines = new MemoryHypervisor();
  const api = await createTestApp({
    ...(port === undefined ? {} : { port }),
    env: { ROLES: 'web,worker', IMAGES_DIR: images, SITE_FILE: join(images, 'site.yaml'), ...env },
    override: (builder) => {
      builder.overrideProvider(Catalogue).useValue(gate).overrideProvider(Hypervisor).useValue(machines);
      if (!worker) builder.overrideProvider(WorkerLife).useValue({}).overrideProvider(IntakeLife).useValue({});
      return override?.(builder) ?? builder;
    },
  });
  // What a worker publishes.
  const { manager } = api.dataSource;
  const capacity = { memoryTotalMib: 65_536, memoryAvailableMib: 65_536, diskAvailableMib: 1_000_000, vcpus: 16 };
  await manager.update(HostEntity, { id: 'local' }, { ...capacity, memoryLimitMib: 0, observedAt: new Date() });
  return {
    api,
    catalogue,
    gate,
    machines,
    images,
    proposal: (name, team, { data = true, beamline = BEAMLINE.id } = {}) => {
      if (data) mkdirSync(join(api.config.dataDir, 'proposals', name.replaceAll('/', '_')), { recursive: true });
      return catalogue.put({
        name,
        title: `Title of ${name}`,
        abstract: 'Rings.',
        visits: [
          { id: '1', beamline: { ...BEAMLINE, id: beamline }, start: new Date('2026-03-01T08:00:00Z'), end: null },
        ],
        team: team.map((account) => ({ account, name: account, affiliation: null, roles: ['Principal investigator'] })),
        datasets: [
          {
            id: 'plate',
            name: 'plate',
            createdAt: null,
            sizeBytes: 10,
            fileCount: 1,
            sample: null,
            technique: null,
            availability: 'online',
          },
        ],
      });
    },
    signedIn: (account, given) => api.signedIn(account, given),
    close: async () => {
      await api.close();
      rmSync(images, { recursive: true, force: true });
    },
  };
}
