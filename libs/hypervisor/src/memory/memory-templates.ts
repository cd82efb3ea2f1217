import { Template, TemplateSpec } from '../machine';

/** Templates that are ready as soon as they are wanted; one, however often it is named. */
export function memoryTemplates(specs: TemplateSpec[], now: Date): Template[] {
  return [...new Map(specs.map((spec) => [keyOf(spec), spec]))].map(([key, { image, flavour, protocol, shares }]) => ({
    key,
    imageId: image.id,
    flavour,
    protocol,
    state: impossible(image, shares) === null ? 'ready' : 'impossible',
    stateSince: now,
    wanted: true,
    step: null,
    progress: null,
    failures: 0,
    failure: impossible(image, shares),
    buildSeconds: 0,
    sizeMib: 0,
    machines: 0,
  }));
}

function impossible({ agent }: TemplateSpec['image'], shares: TemplateSpec['shares']): string | null {
  if (!agent) return 'The image has no Beamdesk agent.';
  return shares.some(({ kind }) => kind === 'virtiofs') ? 'Its data goes by virtiofs.' : null;
}

const keyOf = ({ image, flavour: { vcpus, memoryMib, diskMib }, protocol, shares, nfs }: TemplateSpec) =>
  [image.id, vcpus, memoryMib, diskMib, protocol, nfs === true, ...shares.map(({ tag, kind }) => `${tag}=${kind ?? '9p'}`)].join(' ');
