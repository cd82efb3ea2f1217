import { Architecture } from '../machine';

/** Of the screen: the guest's driver (bochs) takes a size when it fits twice, so 64 is what 3840x2160 needs. */
const VIDEO_MIB = 64;
/** The machine's own copy of its firmware's settings; relative to its folder. */
export const FIRMWARE_SETTINGS = 'vars.fd';

/** QEMU ends a value at a comma unless it is doubled. */
export const commaSafe = (value: string) => value.replaceAll(',', ',,');

/** The board, with its firmware in flash where it has any of its own. */
export function machineType(architecture: Architecture, hasFirmware: boolean): string {
  const board = architecture === 'x86_64' ? 'q35' : 'virt,gic-version=3';
  return hasFirmware ? `${board},pflash0=firmware,pflash1=settings` : board;
}

/** UEFI as the distribution has it, read-only and shared; what a guest sets is in a copy of its own. */
export function firmwareArgv(code: string): string[] {
  const file = (filename: string, more: object = {}) => ({ driver: 'file', filename, ...more });
  const firmware = { 'node-name': 'firmware', driver: 'raw', 'read-only': true, file: file(code, { 'read-only': true }) };
  const settings = { 'node-name': 'settings', driver: 'raw', file: file(FIRMWARE_SETTINGS) };
  return ['-blockdev', JSON.stringify(firmware), '-blockdev', JSON.stringify(settings)];
}

/** Read-only, its format named; the machine's own disk is asked first, so that what was installed there starts. */
export function cdArgv(architecture: Architecture, filename: string): string[] {
  const cd = ['-blockdev', JSON.stringify(rawOf('cd', filename))];
  // On x86 what every installer knows; the other board has no such controller.
  if (architecture === 'x86_64') return [...cd, '-device', 'ide-cd,bus=ide.0,drive=cd,bootindex=1'];
  return [...cd, '-device', 'virtio-scsi-pci,id=scsi', '-device', 'scsi-cd,bus=scsi.0,drive=cd,bootindex=1'];
}

/** A small disk that the guest's cloud-init finds by its label. */
export function seedArgv(filename: string): string[] {
  return ['-blockdev', JSON.stringify(rawOf('seed', filename)), '-device', 'virtio-blk-pci,drive=seed'];
}

/** Screen, pointer and keyboard; on the board that has no VGA, what its firmware has drivers for. */
export function displayArgv(architecture: Architecture): string[] {
  if (architecture === 'aarch64') {
    const keys = ['-device', 'qemu-xhci,id=usb', '-device', 'usb-tablet,bus=usb.0', '-device', 'usb-kbd,bus=usb.0'];
    return ['-device', 'virtio-gpu-pci,xres=1280,yres=800', ...keys];
  }
  return [
    ...['-device', `VGA,xres=1280,yres=800,vgamem_mb=${VIDEO_MIB}`, '-device', 'virtio-tablet-pci'],
    ...['-device', 'virtio-keyboard-pci'],
    // Tells a copy's kernel that it is one, so that it renews its random pool (Microsoft's Virtual Machine Generation ID).
    ...['-device', 'vmgenid,guid=auto'],
  ];
}

/** Each of the host's cards behind a port of its own, its functions together as they are on the card. */
export function gpuArgv(cards: string[][]): string[] {
  return cards.flatMap((functions, at) => [
    ...['-device', `pcie-root-port,id=gpu${at},chassis=${at + 1}`],
    ...functions.flatMap((address, place) => {
      const more = place === 0 && functions.length > 1 ? ',multifunction=on' : '';
      return ['-device', `vfio-pci,host=${address},bus=gpu${at},addr=0.${place}${more}`];
    }),
  ]);
}

const rawOf = (name: string, filename: string) => ({
  ...{ 'node-name': name, driver: 'raw', 'read-only': true },
  file: { driver: 'file', filename, 'read-only': true },
});
