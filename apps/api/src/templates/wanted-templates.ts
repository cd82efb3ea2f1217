import type { TemplateSpec } from '@beamdesk/hypervisor';
import { Logger } from '@nestjs/common';
import { type Images, ImageUnusable } from '../images/images';
import { machineFlavour, type PlanSnapshot } from '../instances/plan-snapshot';
import type { Plans } from '../plans/plans';
import type { ShareList } from '../site/share-lists';

/** Which templates the launches of today's offer would be copied from on this host: those of one click first. */
export class WantedTemplates {
  private readonly log = new Logger('Templates');
  private unusable = new Set<string>();

  constructor(
    private readonly plans: Pick<Plans, 'all'>,
    private readonly images: Pick<Images, 'machineImage'>,
    private readonly shareLists: ShareList[],
  ) {}

  /** One for each image (its active version), flavour and way of mounting data, however many plans share them. An image that can't be used is left out. */
  async specs(): Promise<TemplateSpec[]> {
    const offered = await this.plans.all();
    const inOrder = [...offered.filter(({ preset }) => preset), ...offered.filter(({ preset }) => !preset)];
    const specs = new Map<string, Omit<TemplateSpec, keyof ShareList>>();
    const unusable = new Set<string>();
    for (const { plan } of inOrder) {
      const { imageId, imageVersion = null, flavour } = plan;
      if (!isCopied(plan)) continue;
      const kind = JSON.stringify([imageId, flavour.vcpus, flavour.memoryMib, flavour.diskMib]);
      if (specs.has(kind) || unusable.has(imageId)) continue;
      try {
        const { image, protocol } = await this.images.machineImage(imageId, imageVersion);
        if (image.clonable === false) continue;
        specs.set(kind, { image, flavour: machineFlavour(flavour), protocol });
      } catch (error) {
        if (!(error instanceof ImageUnusable)) throw error;
        unusable.add(imageId);
        if (!this.unusable.has(imageId)) this.log.warn(`no template of image ${imageId}: ${error.detail}`);
      }
    }
    this.unusable = unusable;
    return [...specs.values()].flatMap((spec) => this.shareLists.map((list) => ({ ...spec, ...list })));
  }
}

/** Machines with a network card, a seed disk or a GPU of their own boot: no template could be of use to them. */
function isCopied({ network = 'none', cloudInit = null, flavour }: PlanSnapshot): boolean {
  return network === 'none' && cloudInit === null && (flavour.gpus ?? 0) === 0;
}
