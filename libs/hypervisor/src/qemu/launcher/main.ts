import { join } from 'node:path';
import { z } from 'zod';
import { parseClosed, parseGpus, parseIdRanges, parseRunAs } from './launcher-config';
import { LocalLauncher } from './local-launcher';
import { textOf } from './refusals';
import { serveLauncher } from './server';

const path = z.string().startsWith('/');
const paths = z.string().transform((text) => text.split(':').filter(Boolean)).pipe(z.array(path).min(1));

const settings = z.object({
  LAUNCHER_SOCKET: path.max(100),
  LAUNCHER_MACHINES_DIR: path,
  LAUNCHER_TEMPLATES_DIR: path,
  LAUNCHER_SCRATCH_DIR: path,
  LAUNCHER_HOME_DIR: path.optional(),
  LAUNCHER_IMAGE_ROOTS: paths,
  LAUNCHER_DATA_ROOTS: paths,
  LAUNCHER_NFS_SERVERS: z.string().default('').transform((text) => text.split(/[\s,]+/).filter(Boolean)),
  LAUNCHER_CONFINE: path,
  LAUNCHER_CLIENT_GID: z.coerce.number().int().min(1),
  LAUNCHER_RUN_AS: z.string().transform(parseRunAs),
  LAUNCHER_ALLOWED_IDS: z.string().default('').transform(parseIdRanges),
  LAUNCHER_OUTBOUND_RUN_AS: z.string().transform(parseRunAs).optional(),
  LAUNCHER_OUTBOUND_CLOSED: z.string().default('').transform(parseClosed),
  LAUNCHER_GPUS: z.string().default('').transform(parseGpus),
  LAUNCHER_ACCELERATOR: z.enum(['auto', 'kvm', 'tcg']).default('auto'),
});

/** The machine launcher as a process of its own: started as root, it is all of us that stays root. */
async function main(): Promise<void> {
  const env = settings.parse(process.env);
  const launcher = new LocalLauncher({
    machinesDir: env.LAUNCHER_MACHINES_DIR,
    templatesDir: env.LAUNCHER_TEMPLATES_DIR,
    scratchDir: env.LAUNCHER_SCRATCH_DIR,
    homeDir: env.LAUNCHER_HOME_DIR ?? null,
    imageRoots: env.LAUNCHER_IMAGE_ROOTS,
    dataRoots: env.LAUNCHER_DATA_ROOTS,
    nfsServers: env.LAUNCHER_NFS_SERVERS,
    confine: env.LAUNCHER_CONFINE,
    clientGid: env.LAUNCHER_CLIENT_GID,
    runAs: env.LAUNCHER_RUN_AS,
    allowedIds: env.LAUNCHER_ALLOWED_IDS,
    outbound: env.LAUNCHER_OUTBOUND_RUN_AS
      ? { program: join(__dirname, 'outbound.js'), runAs: env.LAUNCHER_OUTBOUND_RUN_AS, closed: env.LAUNCHER_OUTBOUND_CLOSED }
      : null,
    gpus: { allow: env.LAUNCHER_GPUS },
    accelerator: env.LAUNCHER_ACCELERATOR,
  });
  const stop = await serveLauncher(launcher, env.LAUNCHER_SOCKET, env.LAUNCHER_CLIENT_GID);
  process.stdout.write('machine launcher ready\n');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop();
      process.exit(0);
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`machine launcher: ${textOf(error)}\n`);
  process.exitCode = 1;
});
