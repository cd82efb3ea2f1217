import { Gauge, type Registry } from 'prom-client';

const MIB = 1024 * 1024;

/** Of every host of the site file; figures null: not known. */
export interface HostRow {
  id: string;
  up: boolean;
  draining: boolean;
  desktops: number;
  load: number | null;
  pressure: number | null;
  memoryTotal: number | null;
  memoryAvailable: number | null;
  diskTotal: number | null;
  diskAvailable: number | null;
}

/** $1: seconds after which a host is silent. */
export const HOSTS = `
  SELECT host.id, draining, coalesce(observed_at > clock_timestamp() - make_interval(secs => $1), false) AS up,
    cpu_load_permille AS load, cpu_pressure_permille AS pressure, memory_total_mib AS "memoryTotal",
    memory_available_mib AS "memoryAvailable", disk_total_mib AS "diskTotal", disk_available_mib AS "diskAvailable",
    (SELECT coalesce(sum(alloc_machines), 0)::int FROM instance
      WHERE host_id = host.id AND state <> 'DELETED' AND queued_at IS NULL) AS desktops
  FROM host WHERE active ORDER BY host.id`;

const GAUGES: { name: string; help: string; of: (host: HostRow) => number | null }[] = [
  { name: 'up', help: '1 while the worker of the host tells its figures.', of: ({ up }) => Number(up) },
  { name: 'draining', help: '1 while the host takes no new desktops.', of: ({ draining }) => Number(draining) },
  { name: 'desktops', help: 'Desktops that run there or are on their way.', of: ({ desktops }) => desktops },
  {
    name: 'cpu_load_ratio',
    help: 'Load average of a minute for each processor.',
    of: ({ load }) => load === null ? null : load / 1000,
  },
  {
    name: 'cpu_pressure_ratio',
    help: 'Share of a minute in which something waited for a processor.',
    of: ({ pressure }) => pressure === null ? null : pressure / 1000,
  },
  { name: 'memory_total_bytes', help: 'Memory of the host.', of: (host) => bytes(host.memoryTotal) },
  {
    name: 'memory_available_bytes',
    help: 'Memory that may still be promised, net of all promises and of the reserve.',
    of: (host) => bytes(host.memoryAvailable),
  },
  { name: 'disk_total_bytes', help: 'Size of the file system of the machines.', of: (host) => bytes(host.diskTotal) },
  {
    name: 'disk_available_bytes',
    help: 'Disk that may still be promised, net of all promises and of the reserve.',
    of: (host) => bytes(host.diskAvailable),
  },
];

/** What is not known is left out. */
export function hostGauges(registry: Registry, hosts: HostRow[]): void {
  for (const { name, help, of } of GAUGES) {
    const gauge = new Gauge({ name: `beamdesk_host_${name}`, help, labelNames: ['host'], registers: [registry] });
    for (const host of hosts) {
      const value = of(host);
      if (value !== null) gauge.set({ host: host.id }, value);
    }
  }
}

function bytes(mib: number | null): number | null {
  return mib === null ? null : mib * MIB;
}
