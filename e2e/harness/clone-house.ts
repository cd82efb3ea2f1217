import type { InstanceView, TemplateView } from '@beamdesk/contracts';
import { Installation, until } from './installation.ts';
import { Ledger } from './ledger.ts';
import { PortalClient } from './portal-client.ts';
import { builderPid, TEMPLATE_FILES, templateFiles } from './template-files.ts';
import { isBuilding, settledTemplates, templates } from './templates.ts';

const BUILD_MS = 240_000;
const SETTLED = new Set(['READY', 'FAILED']);

/** An installation with one template, an administrator who looks after it, and Ada, who launches copies of it. */
export class CloneHouse {
  readonly installation: Installation;
  readonly ledger: Ledger;
  readonly admin: PortalClient;
  readonly ada: PortalClient;
  /** Three proposals of Ada's. */
  readonly keys: string[];

  private constructor(installation: Installation, admin: PortalClient, ada: PortalClient, keys: string[]) {
    this.installation = installation;
    this.ledger = new Ledger(installation);
    this.admin = admin;
    this.ada = ada;
    this.keys = keys;
  }

  static async open(env: Record<string, string>): Promise<CloneHouse> {
    const installation = await Installation.start({ env, readyWithinMs: 600_000 });
    const admin = await PortalClient.signIn(installation.url, 'farid');
    const ada = await PortalClient.signIn(installation.url, 'ada');
    return new CloneHouse(installation, admin, ada, (await ada.proposalKeys()).slice(0, 3));
  }

  async killApi(): Promise<void> {
    this.installation.kill('api');
    await until(
      () => this.installation.ready(),
      60_000,
      () => 'the api to answer again',
    );
  }

  async template(): Promise<TemplateView> {
    const [template] = await templates(this.admin);
    if (!template) throw new Error('the host has not spoken of its template');
    return template;
  }

  /** The process of the build under way; waits for one. */
  building(): Promise<number> {
    return until(
      async () => (isBuilding(await this.template()) ? builderPid(this.installation) : null),
      60_000,
      () => 'a build',
    );
  }

  /** Has an administrator ask for the template to be made anew; resolves when that is under way. */
  async rebuild(): Promise<number> {
    const { hostId, key } = await this.template();
    const answer = await this.admin.send('POST', `/api/templates/${hostId}/${key}/rebuild`);
    if (answer.status !== 202) throw new Error(`the rebuild was refused: ${answer.status}`);
    return this.building();
  }

  /** Waits until nothing is built. */
  settledTemplates(): Promise<TemplateView[]> {
    return settledTemplates(this.admin, BUILD_MS);
  }

  /** Waits until no desktop is on its way. */
  settled(): Promise<InstanceView[]> {
    return until(
      async () => {
        const instances = await this.ada.instances().catch(() => null);
        return instances?.every(({ state }) => SETTLED.has(state)) ? instances : null;
      },
      180_000,
      () => 'every desktop to settle',
    );
  }

  /** Launches a desktop of the first proposal; resolves when it is READY, or FAILED. */
  async launchOne(): Promise<InstanceView | undefined> {
    const answer = await this.ada.launch(this.keys[0] ?? '');
    if (!answer.ok) throw new Error(`the launch was refused: ${answer.body.code}`);
    return (await this.settled())[0];
  }

  async endAll(): Promise<void> {
    for (const { id } of await this.ada.instances()) await this.ada.end(id);
    await until(
      async () => (await this.ada.instances()).length === 0,
      60_000,
      () => 'every desktop to be gone',
    );
    expect(await this.ledger.read()).toEqual({ instances: [], ports: [], folders: [], machines: [], allocated: 0 });
  }

  /** The template's folder. There is one template, whole, and no process that belongs to nobody. */
  async expectOneTemplate(): Promise<string> {
    expect(await this.settledTemplates()).toMatchObject([{ state: 'ready', failures: 0, failure: null }]);
    await until(
      () => Object.keys(templateFiles(this.installation)).length === 1,
      30_000,
      () => `one template, not ${JSON.stringify(templateFiles(this.installation))}`,
    );
    const [[folder, files]] = Object.entries(templateFiles(this.installation)) as [[string, string[]]];
    expect(files).toEqual(TEMPLATE_FILES);
    this.expectNoStray();
    return folder;
  }

  /** While nothing is built: every QEMU is a machine's. */
  expectNoStray(): void {
    expect(this.installation.qemuPids().sort()).toEqual(this.installation.machinePids().sort());
  }

  /** Database, disk, process table and quota say the same. */
  async expectAgreement(): Promise<void> {
    const books = await this.ledger.read();
    const { instances } = books;
    const same = { instances, ports: instances, folders: instances, machines: instances };
    expect(books).toEqual({ ...same, allocated: instances.length });
    const { usage } = await this.ada.get<{ usage: { machines: number } }>('/api/quota');
    expect(usage.machines).toBe(instances.length);
  }
}
