import { join } from 'node:path';
import { connectLauncher, Hypervisor, Launcher, localLauncher, QemuHypervisor } from '@beamdesk/hypervisor';
import { FactoryProvider, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../config';
import { storeFolder } from '../images/image-folders';
import { installationOf } from '../instances/installation';
import { Site } from '../site/site';
import { NoHypervisor } from './no-hypervisor';

/** The privileged launcher where there is one; without it machines get this process's own rights. */
function launcherOf(config: Config, site: Site, machinesDir: string, templatesDir: string): Launcher {
  if (config.launcherSocket) return connectLauncher(config.launcherSocket);
  return localLauncher({
    machinesDir,
    templatesDir,
    scratchDir: site.data.scratch.root,
    homeDir: site.data.home?.root ?? null,
    imageRoots: [config.imagesDir, storeFolder(config.dataDir)],
    dataRoots: site.data.roots,
    nfsServers: site.data.nfs,
    confine: null,
    clientGid: null,
    runAs: null,
    allowedIds: [],
    accelerator: config.accelerator,
    outbound: config.outbound.program === null ? null : { program: config.outbound.program, runAs: null, closed: config.outbound.closed },
    gpus: { allow: site.hosts.find(({ name }) => name === config.hostName)?.gpus?.allow ?? [] },
  });
}

export const hypervisorProvider: FactoryProvider<Hypervisor> = {
  provide: Hypervisor,
  inject: [Config, Site, DataSource],
  useFactory: async (config: Config, site: Site, dataSource: DataSource): Promise<Hypervisor> => {
    if (!config.roles.has('worker')) return new NoHypervisor();
    const logger = new Logger('Hypervisor');
    const machinesDir = join(config.dataDir, 'machines');
    const templatesDir = join(config.dataDir, 'templates');
    const host = site.hosts.find(({ name }) => name === config.hostName);
    return new QemuHypervisor({
      installation: await installationOf(dataSource),
      machinesDir,
      templatesDir: config.templates ? templatesDir : null,
      launcher: launcherOf(config, site, machinesDir, templatesDir),
      ...(host
        ? { reserve: { memoryMib: 512, diskMib: host.diskReserveMib }, memoryCommitment: 1 / host.memoryOvercommit }
        : {}),
      log: (level, message, fields) => {
        const line = { msg: message, ...fields };
        if (level === 'info') logger.log(line);
        else logger[level](line);
      },
    });
  },
};
