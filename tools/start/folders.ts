import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { uidOf } from './ids.ts';
import type { Principal } from './ids.ts';
import type { Layout } from './layout.ts';

/**
 * Makes the folders of a data folder and gives each to its owner. All lie in folders that only we can write to, so no
 * service can put a link in our way. Machines and scratch are the launcher's where there is one.
 */
export function makeFolders(layout: Layout, homeRoot: string | null): void {
  for (const folder of [layout.run, layout.logs, layout.proposals, layout.images, layout.machines, layout.templates, layout.scratch]) {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  }
  // People pass through, and see nothing of it. One that is there may be the facility's, and stays as it is.
  if (homeRoot !== null && mkdirSync(homeRoot, { recursive: true, mode: 0o755 }) !== undefined) chmodSync(homeRoot, 0o711);
  own(join(layout.run, 'guacd'), 'guacd', 0o700);
  own(join(layout.run, 'identities'), 'identities', 0o700);
  // The api makes its socket here, the bridge (the folder's group) connects to it.
  own(join(layout.run, 'internal'), 'api', 0o2750, 'bridge');
  // What admins register: made by the api, read by the machines. People of this computer put files into the last one.
  own(join(layout.images, 'store'), 'api', 0o755);
  own(join(layout.images, 'uploads'), 'api', 0o700);
  mkdirSync(join(layout.images, 'incoming'), { recursive: true, mode: 0o755 });
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
