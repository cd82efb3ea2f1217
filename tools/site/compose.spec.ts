import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface ComposeService {
  image: string;
  build?: { dockerfile: string; target: string };
  user?: string;
  environment?: Record<string, string>;
  secrets?: string[];
  volumes?: string[];
  ports?: string[];
  networks?: string[];
  network_mode?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  privileged?: boolean;
  devices?: string[];
  healthcheck?: { test: string[] };
  entrypoint?: string[];
  depends_on?: Record<string, unknown>;
}

const root = join(__dirname, '../..');
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { internal?: boolean }>;
};
const services = Object.entries(compose.services);
const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');
const service = (name: string) => compose.services[name] as ComposeService;

/** The stage of the Dockerfile that makes a target, as text. */
const stage = (target: string) => dockerfile.split(/^(?=FROM )/m).find((text) => text.startsWith('FROM ') && text.split('\n')[0]?.endsWith(` AS ${target}`));

describe('docker-compose.yml', () => {
  it.each(services)('%s runs without root, rights, or a writable system', (_name, { build, user, read_only, cap_drop, security_opt, privileged }) => {
    const number = user ?? /^USER (\d+)/m.exec(stage(build?.target ?? '')?.split('\n').reverse().join('\n') ?? '')?.[1];
    expect(Number.parseInt(number ?? '0', 10)).toBeGreaterThan(0);
    expect({ read_only, cap_drop, security_opt, privileged }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      privileged: undefined,
    });
  });

  it.each(services)('%s tells whether it is well', (_name, { healthcheck }) => {
    expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  it.each(services)('%s gets its secrets as files and each of them exists', (_name, { environment = {}, secrets = [] }) => {
    for (const [key, value] of Object.entries(environment)) {
      if (/PASSWORD|SECRET|KEY/.test(key)) expect(value).toMatch(/^\/run\/secrets\//);
      const file = /^\/run\/secrets\/(.*)$/.exec(value)?.[1];
      if (file) expect(secrets).toContain(file);
    }
    for (const secret of secrets) expect(compose.secrets[secret]?.file).toBe(`./docker/secrets/${secret}`);
  });

  it('publishes one port, of web', () => {
    expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['web']);
  });

  it('gives machines to the worker alone, and its network to guacd and the bridge', () => {
    expect(services.filter(([, { devices }]) => devices).map(([name]) => name)).toEqual(['worker']);
    expect(service('guacd').network_mode).toBe('service:worker');
    expect(service('bridge').network_mode).toBe('service:worker');
    expect(service('guacd').entrypoint?.join(' ')).toContain('-b 127.0.0.1');
    expect(service('worker').environment?.['ROLES']).toBe('web,worker');
    expect(service('api').environment?.['ROLES']).toBe('web');
    // Whoever depends on web or api is replaced with them: nothing that holds a desktop may.
    expect(Object.keys(service('worker').depends_on ?? {})).toEqual(['postgres']);
    expect(service('guacd').depends_on).toBeUndefined();
  });

  it('keeps the database where only api and worker are, with no way out', () => {
    const members = services.filter(([, { networks }]) => networks?.includes('database')).map(([name]) => name);
    expect(members.sort()).toEqual(['api', 'postgres', 'worker']);
    expect(compose.networks['database']?.internal).toBe(true);
  });

  it('builds from targets and files that exist', () => {
    for (const [, { build }] of services) {
      if (!build) continue;
      expect(existsSync(join(root, build.dockerfile))).toBe(true);
      expect(stage(build.target)).toBeDefined();
    }
    for (const [, source] of dockerfile.matchAll(/^COPY (docker\/\S+)/gm)) expect(existsSync(join(root, source ?? ''))).toBe(true);
  });

  it('has no demo identities', () => {
    expect(readFileSync(join(root, 'docker-compose.yml'), 'utf8')).not.toMatch(/DEMO/);
  });
});
