import { Template, TemplateSpec } from '../machine';

/** Templates that are ready as soon as they are wanted; one, however often it is named. */
export function memoryTemplates(specs: TemplateSpec[], now: Date): Template[] {
  return [...new Map(specs.map((spec) => [keyOf(spec), spec]))].map(([key, spec]) => [key, spec, impossible(spec)] as const).map(([key, { image, flavour, protocol }, why]) => ({
    key,
    imageId: image.id,
    flavour,
    protocol,
    state: why === null ? 'ready' : 'impossible',
    stateSince: now,
    wanted: true,
    step: null,
    progress: null,
    failures: 0,
    failure: why,
    buildSeconds: 0,
    sizeMib: 0,
    machines: 0,
  }));
}

/** Why machines of this kind are never copies; null: they are. */
function impossible(spec: TemplateSpec): string | null {
  if (!spec.image.agent) return 'The image has no Beamdesk agent.';
  return barrier(spec);
}

/** As `impossible`, of a machine as of a template. */
export function barrier(spec: Pick<TemplateSpec, 'image' | 'shares' | 'network'> & { cloudInit?: unknown; gpus?: number | string[] }): string | null {
  if (spec.shares.some(({ kind }) => kind === 'virtiofs')) return 'It reads its data by virtiofs.';
  if (typeof spec.gpus === 'number' ? spec.gpus > 0 : spec.gpus?.length) return 'It has a graphics card of its own.';
  if (spec.network === 'outbound') return 'It has a way out to the network.';
  if (spec.cloudInit) return 'It is set up at its first boot.';
  const { clonable = true, boot, firmware = 'bios', architecture = 'x86_64' } = spec.image;
  const plain = clonable && boot.kind !== 'iso' && firmware === 'bios' && architecture === 'x86_64';
  return plain ? null : 'Its image is not made to be copied.';
}

const keyOf = ({ image, flavour: { vcpus, memoryMib, diskMib }, protocol, shares, nfs, network, cloudInit, gpus }: TemplateSpec) =>
  [
    ...[image.id, vcpus, memoryMib, diskMib, protocol, nfs === true, network === 'outbound', cloudInit === true, gpus ?? 0],
    ...shares.map(({ tag, kind }) => `${tag}=${kind ?? '9p'}`),
  ].join(' ');
