import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MachineImage } from '../../machine';
import { QemuBench } from './real-qemu';

/**
 * The tiny guest whose session runs this shell script once it is told whose it is, and writes what it prints to /scratch/answer. A kernel
 * unpacks archives one after the other, so the script is one more file on top.
 * @param early runs before the session is up, so also in what is saved as a template
 */
export function scriptedImage(bench: QemuBench, script: string, early = ''): MachineImage {
  const folder = join(bench.root, 'images', randomUUID());
  const added = join(folder, 'added');
  mkdirSync(join(added, 'etc'), { recursive: true });
  const session = `#!/bin/sh
run=/run/beamdesk
until [ -p "$run/session.fifo" ] && [ -p "$run/go.fifo" ]; do sleep 0.1; done
${early}
echo up > "$run/session.fifo"
[ -e "$run/personalised" ] || read -r _ < "$run/go.fifo"
play() {
${script}
}
play > /run/answer 2>&1
cp /run/answer /scratch/.answer && mv /scratch/.answer /scratch/answer
exec sleep 2147483647
`;
  writeFileSync(join(added, 'etc/session'), session, { mode: 0o755 });
  const archive = execFileSync('cpio', ['-o', '-H', 'newc', '--quiet'], { cwd: added, input: 'etc\netc/session\n' });
  const { image } = bench;
  if (image.boot.kind !== 'kernel') throw new Error('the tiny image boots by kernel');
  const copy = (from: string, name: string) => {
    copyFileSync(from, join(folder, name));
    return join(folder, name);
  };
  const boot = { ...image.boot, kernel: copy(image.boot.kernel, 'vmlinuz'), initrd: copy(image.boot.initrd, 'initrd.img') };
  appendFileSync(boot.initrd, archive);
  return { ...image, boot, disk: copy(image.disk, 'disk.qcow2') };
}
