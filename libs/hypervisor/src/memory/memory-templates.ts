import { Template, TemplateSpec } from '../machine';

/** Templates that are ready as soon as they are wanted; one, however often it is named. */
export function memoryTemplates(specs: TemplateSpec[], now: Date): Template[] {
  return [...new Map(specs.map((spec) => [keyOf(spec), spec]))].map(([key, { image, flavour, protocol }]) => ({
    key,
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

const keyOf = ({ image, flavour: { vcpus, memoryMib, diskMib }, protocol }: TemplateSpec) =>
  `${image.id} ${vcpus} ${memoryMib} ${diskMib} ${protocol}`;
