import { MachineOrder, TemplateOrder } from '../machine-order';

/** Why no copy can be had although the image has an agent; the first that holds. */
export type Barrier = 'virtiofs' | 'gpus' | 'network' | 'cloudInit' | 'image';

/** For staff, beside the template that there is none of. */
export const IMPOSSIBLE: Record<Barrier, string> = {
  virtiofs: 'Its data goes by virtiofs, and QEMU cannot save a machine with that.',
  gpus: 'It has a graphics card of its own, and QEMU cannot save a machine with that.',
  network: 'It has a way out to the network, and connections cannot be saved.',
  cloudInit: 'It is set up by cloud-init at its first boot, each machine by itself.',
  image: 'The image is not made to be copied: it boots by UEFI, from an ISO or for another processor, or says so.',
};

type Asked = Pick<TemplateOrder, 'image' | 'network'> & {
  shares: { kind: '9p' | 'virtiofs' }[];
  cloudInit: MachineOrder['cloudInit'] | boolean;
  gpus: MachineOrder['gpus'] | number;
};

export function barrierOf({ image, shares, gpus, network, cloudInit }: Asked): Barrier | null {
  if (shares.some(({ kind }) => kind === 'virtiofs')) return 'virtiofs';
  if (typeof gpus === 'number' ? gpus > 0 : gpus.length > 0) return 'gpus';
  if (network === 'outbound') return 'network';
  if (cloudInit) return 'cloudInit';
  const plain = image.clonable && image.boot.kind !== 'iso' && image.firmware === 'bios' && image.architecture === 'x86_64';
  return plain ? null : 'image';
}
