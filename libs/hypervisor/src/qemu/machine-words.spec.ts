import { aMachineSpec } from '../testing/machine-spec';
import { MachineImage, MachineSpec } from '../machine';
import { qemuArgv, StartForm } from './argv';
import { orderOf } from './machine-order-of';

const form: StartForm = { kind: 'boot', memory: null, backing: ['/images/one/disk.qcow2'], nfs: null };

function words(image: Partial<MachineImage>, start: Partial<StartForm> = {}, spec: Partial<MachineSpec> = {}): string {
  const base = aMachineSpec(spec);
  return qemuArgv(orderOf({ ...base, image: { ...base.image, ...image } }), 'tcg', [], { ...form, ...start }).join(' ');
}

describe('the words of a machine', () => {
  it('with UEFI name the firmware, read-only, and its own settings beside its disk', () => {
    const uefi = words({ firmware: 'uefi' }, { firmware: '/fw/code.fd' });
    expect(uefi).toContain('-machine q35,pflash0=firmware,pflash1=settings ');
    expect(uefi).toContain(
      '-blockdev {"node-name":"firmware","driver":"raw","read-only":true,"file":{"driver":"file","filename":"/fw/code.fd","read-only":true}}' +
        ' -blockdev {"node-name":"settings","driver":"raw","file":{"driver":"file","filename":"vars.fd"}} ',
    );
    expect(words({})).not.toContain('pflash');
  });

  it('for another processor are those of its own program and board', () => {
    const arm = words({ architecture: 'aarch64', firmware: 'uefi' }, { firmware: '/fw/code.fd' });
    expect(arm).toMatch(/^qemu-system-aarch64 /);
    expect(arm).toContain('-machine virt,gic-version=3,pflash0=firmware,pflash1=settings ');
    expect(arm).toContain('-cpu cortex-a72 ');
    expect(arm).toContain('-device virtio-gpu-pci,xres=1280,yres=800 -device qemu-xhci,id=usb -device usb-tablet,bus=usb.0 -device usb-kbd,bus=usb.0');
    expect(arm).not.toMatch(/q35|Nehalem|VGA|vmgenid|virtio-keyboard/);
    // The console and the agent are reached as on any machine.
    expect(arm).toContain('-vnc 127.0.0.1:1,password=on');
    expect(arm).toContain('virtserialport,chardev=agent,name=org.beamdesk.agent.0');
  });

  it.each([
    ['x86_64', 'ide-cd,bus=ide.0,drive=cd,bootindex=1'],
    ['aarch64', 'virtio-scsi-pci,id=scsi -device scsi-cd,bus=scsi.0,drive=cd,bootindex=1'],
  ] as const)('with an ISO on %s have it as a raw, read-only CD beside a blank disk', (architecture, drive) => {
    const iso = words({ architecture, boot: { kind: 'iso' }, disk: '/images/one/install.iso' }, { backing: [] });
    const cd = '{"node-name":"cd","driver":"raw","read-only":true,"file":{"driver":"file","filename":"/images/one/install.iso","read-only":true}}';
    expect(iso).toContain(`-blockdev ${cd} -device ${drive} `);
    expect(iso).toContain('"filename":"overlay.qcow2"},"backing":null} -device virtio-blk-pci,drive=disk,bootindex=0 ');
  });

  it('with user data have its disk, read-only', () => {
    const seed = '{"node-name":"seed","driver":"raw","read-only":true,"file":{"driver":"file","filename":"/m/seed.iso","read-only":true}}';
    expect(words({}, { seed: '/m/seed.iso' })).toContain(`-blockdev ${seed} -device virtio-blk-pci,drive=seed `);
  });

  it('that get out have a card for that, beside that of a console', () => {
    const out = words({}, { outbound: '/net/net.sock' }, { console: { protocol: 'rdp', port: 20_001, password: 'x' } });
    const stream = '{"type":"stream","id":"out","server":false,"addr":{"type":"unix","path":"/net/net.sock"}}';
    expect(out).toContain(`-netdev ${stream} -device virtio-net-pci,netdev=out,mac=52:54:00:be:00:03 `);
    expect(out).toContain('-netdev user,id=net,restrict=on,');
    expect(words({})).not.toContain('-netdev');
  });

  it('with cards of the host name every function of each, and give no memory back', () => {
    const gpus = words({}, { gpus: [['0000:65:00.0', '0000:65:00.1'], ['0000:b3:00.0']] });
    expect(gpus).toContain(
      '-device pcie-root-port,id=gpu0,chassis=1' +
        ' -device vfio-pci,host=0000:65:00.0,bus=gpu0,addr=0.0,multifunction=on -device vfio-pci,host=0000:65:00.1,bus=gpu0,addr=0.1' +
        ' -device pcie-root-port,id=gpu1,chassis=2 -device vfio-pci,host=0000:b3:00.0,bus=gpu1,addr=0.0 ',
    );
    expect(gpus).not.toContain('balloon');
    expect(words({})).toContain('balloon');
  });

  it.each([
    ['a card twice', { gpus: ['0000:65:00.0', '0000:65:00.0'] }],
    ['no address', { gpus: ['0000:65:00.0,x-vga=on'] }],
    ['an address with more behind it', { gpus: ['0000:65:00.0/../x'] }],
    ['a function that no device has', { gpus: ['0000:65:00.8'] }],
    ['too much user data', { cloudInit: { userData: 'x'.repeat(65_537) } }],
  ])('are not made of %s', (_, spec) => expect(() => words({}, {}, spec)).toThrow());
});
