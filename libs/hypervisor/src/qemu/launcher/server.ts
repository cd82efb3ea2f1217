import { chmodSync, chownSync, rmSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { LineSplitter } from '../line-splitter';
import { Launcher } from './launcher';
import { errorAnswer, LauncherAnswer, launcherRequest, LauncherRequest, LONGEST_LINE } from './protocol';

/**
 * Serves a launcher on a unix socket that only `clientGid` reaches. A line that is not of the vocabulary ends the connection: our own client
 * never sends one.
 * Gives the way to stop.
 */
export async function serveLauncher(launcher: Launcher, path: string, clientGid: number | null): Promise<() => void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    converse(launcher, socket);
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (clientGid !== null) chownSync(path, process.getuid?.() ?? 0, clientGid);
  chmodSync(path, clientGid === null ? 0o600 : 0o660);
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

function converse(launcher: Launcher, socket: Socket): void {
  const send = (answer: LauncherAnswer) => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
  };
  const take = async (line: string) => {
    const request = parse(line);
    if (!request) return void socket.destroy();
    try {
      send({ n: request.n, value: await carryOut(launcher, request) });
    } catch (error) {
      send(errorAnswer(request.n, error));
    }
  };
  const lines = new LineSplitter(
    LONGEST_LINE,
    (line) => void take(line),
    () => socket.destroy(),
  );
  socket.on('data', (bytes: Buffer) => lines.push(bytes));
  socket.on('error', () => socket.destroy());
}

function carryOut(launcher: Launcher, request: LauncherRequest): Promise<unknown> {
  switch (request.do) {
    case 'figures':
      return launcher.figures();
    case 'prepare':
      return launcher.prepare(request.id);
    case 'writeRecord':
      return launcher.writeRecord(request.id, request.text);
    case 'spawn':
      return launcher.spawn(request.order, request.resume);
    case 'locate':
      return launcher.locate(request.id);
    case 'kill':
      return launcher.kill(request.id, request.process);
    case 'servedTags':
      return launcher.servedTags(request.id);
    case 'scratchUsage':
      return launcher.scratchUsage(request.path);
    case 'remove':
      return launcher.remove(request.id);
    case 'templateKey':
      return launcher.templateKey(request.order);
    case 'writeTemplate':
      return launcher.writeTemplate(request.id, request.text);
    case 'spawnTemplate':
      return launcher.spawnTemplate(request.id, request.order);
    case 'receiveState':
      return launcher.receiveState(request.id);
    case 'sealTemplate':
      return launcher.sealTemplate(request.id);
    case 'checkTemplate':
      return launcher.checkTemplate(request.id, request.known, request.thorough);
    case 'removeTemplate':
      return launcher.removeTemplate(request.id, request.keepRecord);
    case 'gpus':
      return launcher.gpus();
    case 'gpuBind':
      return launcher.gpuBind(request.address);
    case 'gpuRelease':
      return launcher.gpuRelease(request.address);
  }
}

function parse(line: string): LauncherRequest | null {
  try {
    return launcherRequest.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
