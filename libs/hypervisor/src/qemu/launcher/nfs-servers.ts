import { lookup } from 'node:dns/promises';
import { NfsMount } from '../../machine';
import { NfsWay } from '../argv';
import { guestAddressOf, serversOf } from '../nfs-ways';
import { LauncherConfig } from './launcher-config';
import { refused, textOf } from './refusals';

/**
 * The addresses of a machine's NFS servers, as this host knows them now; null where it mounts nothing by NFS.
 * @throws MachineRefused share-outside-root: not one of the servers that are allowed; share-missing: it has no address
 */
export async function waysTo(config: Pick<LauncherConfig, 'nfsServers'>, nfs: NfsMount[]): Promise<NfsWay[] | null> {
  if (nfs.length === 0) return null;
  return Promise.all(serversOf(nfs).map(async (server) => {
    const allowed = config.nfsServers ?? [];
    if (!allowed.includes(server)) throw refused('share-outside-root', `${server} is none of the NFS servers allowed: ${allowed.join(', ')}`);
    try {
      const { address } = await lookup(server);
      return { guestAddress: guestAddressOf(server, nfs), hostAddress: address };
    } catch (error) {
      throw refused('share-missing', `NFS server ${server}: ${textOf(error)}`);
    }
  }));
}
