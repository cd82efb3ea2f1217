import { Template, TemplateSpec } from '../machine';

/** Templates that are ready as soon as they are wanted. */
export function memoryTemplates(specs: TemplateSpec[], now: Date): Template[] {
  return specs.map(({ image, flavour, protocol }) => ({
    key: `${image.id} ${flavour.vcpus} ${flavour.memoryMib} ${flavour.diskMib} ${protocol}`,
    imageId: image.id,
    flavour,
    protocol,
    state: image.agent ? 'ready' : 'impossible',
    stateSince: now,
    wanted: true,
    step: null,
    progress: null,
    failures: 0,
    failure: image.agent ? null : 'The image has no Beamdesk agent.',
    buildSeconds: 0,
    sizeMib: 0,
    machines: 0,
  }));
}
