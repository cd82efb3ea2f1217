import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const SERVICES = ['postgres', 'guacd', 'identities', 'api', 'bridge'] as const;

export type Ports = Record<(typeof SERVICES)[number], number>;

/** A loopback port for each service: the one of the last start where it is still free, kept in `<data>/ports.json`. */
export async function choosePorts(data: string): Promise<Ports> {
  const file = join(data, 'ports.json');
  const last = read(file);
  const ports: Partial<Ports> = {};
  for (const service of SERVICES) ports[service] = await freePort(new Set(Object.values(ports)), last[service]);
  writeFileSync(file, JSON.stringify(ports));
  return ports as Ports;
}

/** Those of the last start; none where there was none. */
export function lastPorts(data: string): Partial<Ports> {
  return read(join(data, 'ports.json'));
}

function read(file: string): Partial<Ports> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Ports>;
  } catch {
    return {};
  }
}
