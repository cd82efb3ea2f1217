import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartFault } from './fault.ts';
import { layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { Service } from './service.ts';
import type { ServiceSpec } from './service.ts';

let layout: Layout;
let service: Service | null;

beforeEach(() => {
  layout = layoutOf(mkdtempSync(join(tmpdir(), 'service-')));
  mkdirSync(layout.run);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await service?.stop();
  service = null;
  rmSync(layout.data, { recursive: true });
});

function make(script: string, answers: () => Promise<boolean> = async () => existsSync(join(layout.data, 'up'))): Service {
  const spec: ServiceSpec = {
    name: 'thing',
    command: ['sh', '-c', script],
    env: { PATH: process.env['PATH'], DATA: layout.data },
    answers,
    stopWithinMs: 500,
  };
  service = new Service(spec, layout);
  return service;
}

const pid = () => Number(readFileSync(join(layout.run, 'thing.pid'), 'utf8'));
const log = () => readFileSync(join(layout.logs, 'thing.log'), 'utf8');
const alive = (id: number) => {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
};

async function until(check: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !check(); await delay(20)) {
    if (Date.now() > end) throw new Error('did not happen within 5 s');
  }
}

describe('Service', () => {
  it('is started when it answers, and not before', async () => {
    const started = make('sleep 0.3; touch $DATA/up; exec sleep 60').start();
    const early = await Promise.race([started.then(() => 'started'), delay(150).then(() => 'waiting')]);
    expect(early).toBe('waiting');
    await started;
    expect(existsSync(join(layout.data, 'up'))).toBe(true);
  });

  it('comes back under another pid when it is killed, and keeps its log', async () => {
    const thing = make('echo hello; touch $DATA/up; exec sleep 60');
    await thing.start();
    const first = pid();
    process.kill(first, 'SIGKILL');
    await until(() => existsSync(join(layout.run, 'thing.pid')) && pid() !== first && alive(pid()));
    await until(() => log().split('hello').length === 3);
    expect(log()).toContain('ended (SIGKILL)');
  });

  it('is given up with its own words when it never works', async () => {
    const fault = await make('echo "DATABASE_URL is not set" >&2; exit 1', async () => false)
      .start()
      .catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(StartFault);
    expect(String(fault)).toContain('DATABASE_URL is not set');
    expect(existsSync(join(layout.run, 'thing.pid'))).toBe(false);
  }, 30_000);

  it('ends on request, by force when it does not listen, and does not come back', async () => {
    writeFileSync(join(layout.data, 'up'), '');
    const thing = make('trap "" TERM; touch $DATA/trapped; while :; do sleep 0.05; done');
    await thing.start();
    await until(() => existsSync(join(layout.data, 'trapped')));
    const id = pid();
    await thing.stop();
    expect(alive(id)).toBe(false);
    await delay(400);
    expect(existsSync(join(layout.run, 'thing.pid'))).toBe(false);
  });

  it('leads a group of its own, so that Ctrl-C in the terminal does not reach it', async () => {
    const thing = make('touch $DATA/up; exec sleep 60');
    await thing.start();
    const group = Number(readFileSync(`/proc/${pid()}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[2]);
    expect(group).toBe(pid());
  });
});
