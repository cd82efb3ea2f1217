import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freshFolder, qemuImg } from '../testing/places';
import { openFile } from '../bytes/open-file';
import { BOX_ID, BoxOrder, runInBox } from './box';
import { program } from './programs';

const folder = freshFolder();
const SECRET = 'what no guest may read';
const secret = join(folder, 'secret');
writeFileSync(secret, `${SECRET} `.repeat(300));
const image = join(folder, 'image.qcow2');
qemuImg('create', '-q', '-f', 'qcow2', image, '64M');
const limits = { seconds: 60, memoryMib: 2048, fileMib: 16 };

async function box(command: string[], more: Partial<BoxOrder> = {}) {
  const file = more.file ?? image;
  const opened = await openFile(file, 1024);
  await opened.close();
  return runInBox({ file, identity: opened.identity, command, limits, ...more });
}

/** Runs a line of shell with the programs that a line of shell needs. */
const shell = (line: string, more: Partial<BoxOrder> = {}) =>
  box(['/bin/bash', '-c', line], { alsoShown: ['/bin/ls', '/bin/cat', '/bin/unshare', '/bin/sleep'], ...more });

describe('the box', () => {
  it('shows one foreign file, the programs and their libraries, and nothing else', async () => {
    const { stdout } = await shell('ls -a / /etc /home /proc /tmp /dev /bin');
    expect(stdout).toMatch(/^\/:\n\.\n\.\.\n\.host\nbin\ndev\nimage\nlib/);
    expect(stdout).toContain('/dev:\n.\n..\nnull\n');
    expect(stdout).toContain('/proc:\n.\n..\n');
    expect(stdout).not.toMatch(/^\/(etc|home|tmp):/m);
    expect((await shell(`cat ${secret} /etc/passwd`)).stdout).toBe('');
  });

  it('lets nothing be written to the file, the root or the programs', async () => {
    const before = readFileSync(image);
    const { stdout } = await shell('for path in /image /new /bin/ls /dev/new; do (: >>$path) 2>/dev/null && echo wrote $path; done; echo tried');
    expect(stdout).toBe('tried\n');
    expect(readFileSync(image).equals(before)).toBe(true);
  });

  it('has no network, not even that of this host alone', async () => {
    const heard: string[] = [];
    const server = createServer((socket) => socket.on('data', (bytes) => heard.push(String(bytes)))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { stderr } = await shell(`echo x >/dev/tcp/127.0.0.1/${port}`);
    server.close();
    expect(stderr).toContain('Network is unreachable');
    expect(heard).toEqual([]);
  });

  it('gives no right, no other process and no way to make namespaces in which there would be some', async () => {
    const { stdout } = await shell(`kill -0 ${process.pid} 2>/dev/null && echo reached; echo $$; unshare --user --map-root-user ls 2>&1`);
    expect(stdout).not.toContain('reached');
    expect(stdout).toMatch(/^1\n.*unshare failed: (No space left on device|Operation not permitted)/s);
  });

  it('ends what is late, with all that it started', async () => {
    const begun = Date.now();
    const outcome = await shell('sleep 300 & sleep 300', { limits: { ...limits, seconds: 2 } });
    expect(outcome).toMatchObject({ code: null, late: true });
    expect(Date.now() - begun).toBeLessThan(60_000);
  });

  it('ends at once when it is told to', async () => {
    const abort = new AbortController();
    const why = new Error('no longer wanted');
    const running = shell('echo begun; sleep 300', { signal: abort.signal, onOutput: () => abort.abort(why) });
    await expect(running).rejects.toBe(why);
    await expect(shell('echo never', { signal: abort.signal })).rejects.toBe(why);
  });

  it('ends what uses the processor, the memory or the disk beyond its limits', async () => {
    expect(await shell('while :; do :; done', { limits: { ...limits, seconds: 1 } })).toMatchObject({ code: null });
    const hungry = 'a=x; while :; do a=$a$a; done';
    expect((await shell(hungry, { limits: { ...limits, memoryMib: 256 } })).stderr).toMatch(/cannot allocate|xrealloc/);
    const out = freshOut();
    const line = 'a=$(cat /image); while echo "$a$a$a"; do :; done >/out/big';
    const { stderr } = await shell(line, { out, limits: { ...limits, fileMib: 1 } });
    expect(stderr).toContain('File too large');
    expect(statSync(join(out, 'big')).size).toBe(1048576);
  });

  it('runs nothing when the file is another by now', async () => {
    const identity = { device: '1', inode: '1' };
    const command = [program('qemu-img'), 'info', '/image'];
    await expect(runInBox({ file: image, identity, command, limits })).rejects.toMatchObject({ code: 'CHANGED' });
  });

  it('runs nothing when it cannot be made', async () => {
    const outcome = shell('echo ran', { out: join(folder, 'nowhere') });
    await expect(outcome).rejects.toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE' });
  });

  it('leaves nothing behind', async () => {
    const scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    expect((await shell('echo ran', { scratch })).stdout).toBe('ran\n');
    await expect(shell('echo ran', { scratch, out: join(folder, 'nowhere') })).rejects.toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE' });
    expect(readdirSync(scratch)).toEqual([]);
  });
});

/** A folder that the box's user may write to. */
function freshOut(): string {
  const out = join(folder, 'out');
  mkdirSync(out);
  if (process.getuid?.() === 0) chownSync(out, BOX_ID, BOX_ID);
  return out;
}
