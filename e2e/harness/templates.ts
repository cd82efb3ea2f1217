import type { TemplatesView, TemplateView } from '@beamdesk/contracts';
import { until } from './installation.ts';
import type { PortalClient } from './portal-client.ts';

/** @param admin who may see the templates */
export async function templates(admin: PortalClient): Promise<TemplateView[]> {
  return (await admin.get<TemplatesView>('/api/templates')).items;
}

/** Whether it is being made; one that is made anew stays ready, and in use, meanwhile. */
export function isBuilding({ state, step }: TemplateView): boolean {
  return state === 'building' || step !== null;
}

/** Waits until a template of each of these images is ready, whatever else is still to be made; gives them. */
export async function readyTemplates(admin: PortalClient, images: string[], withinMs: number): Promise<TemplateView[]> {
  let seen: TemplateView[] = [];
  const ready = (image: string) => seen.find(({ imageId, state }) => imageId === image && state === 'ready');
  await until(
    async () => {
      seen = await templates(admin).catch(() => []);
      return images.every(ready);
    },
    withinMs,
    () => `templates of ${images.join(' and ')}; they are ${JSON.stringify(seen)}`,
  );
  return images.flatMap((image) => ready(image) ?? []);
}

/** Waits until none is being built or waits for it; gives them all. */
export async function settledTemplates(admin: PortalClient, withinMs: number): Promise<TemplateView[]> {
  let seen: TemplateView[] = [];
  await until(
    async () => {
      // A host that has just started may not have spoken yet; a restart of the api is waited for like a build.
      seen = await templates(admin).catch(() => []);
      return seen.length > 0 && seen.every((one) => one.state !== 'waiting' && !isBuilding(one));
    },
    withinMs,
    () => `the templates to be built; they are ${JSON.stringify(seen)}`,
  );
  return seen;
}
