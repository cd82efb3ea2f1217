import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault } from './fault.ts';
import { uidOf } from './ids.ts';
import type { Principal } from './ids.ts';
import type { Layout } from './layout.ts';

/** A unix socket's path has 107 bytes at most; ours add about 50 to the data folder's. */
const LONGEST_PATH = 60;

/**
 * Makes the folders of a data folder and gives each to its owner. All lie in folders that only we can write to, so no
 * service can put a link in our way. Machines and scratch are the launcher's where there is one.
 */
export function makeFolders(layout: Layout): void {
  if (Buffer.byteLength(layout.data) > LONGEST_PATH) {
    throw new StartFault(`the path ${layout.data} is too long for unix sockets (${LONGEST_PATH} bytes at most): choose another with --data`);
  }
  for (const folder of [layout.run, layout.logs, layout.proposals, layout.images, layout.machines, layout.scratch]) {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  }
  own(join(layout.run, 'guacd'), 'guacd', 0o700);
  own(join(layout.run, 'identities'), 'identities', 0o700);
  // The api makes its socket here, the bridge (the folder's group) connects to it.
  own(join(layout.run, 'internal'), 'api', 0o2750, 'bridge');
  const launcher = join(layout.run, 'launcher');
  mkdirSync(launcher, { recursive: true, mode: 0o750 });
  const api = uidOf('api');
  if (api !== null) chownSync(launcher, 0, api);
}

function own(folder: string, owner: Principal, mode: number, group: Principal = owner): void {
  mkdirSync(folder, { recursive: true });
  const [uid, gid] = [uidOf(owner), uidOf(group)];
  if (uid !== null && gid !== null) chownSync(folder, uid, gid);
  chmodSync(folder, mode);
}
