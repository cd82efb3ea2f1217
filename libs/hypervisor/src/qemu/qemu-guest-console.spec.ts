import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { MachineImage, MachineSpec } from '../machine';
import { aPersonalisation } from '../testing/machine-spec';
import { QemuHypervisor } from './qemu-hypervisor';
import { QemuBench, TINY_MS, until } from './testing/real-qemu';
import { scriptedImage } from './testing/scripted-image';

jest.setTimeout(4 * TINY_MS);

/** Serves, as a guest with RDP does, on its card from before anybody has it; answers with whose machine it is. */
const SERVES = `while read -r module; do insmod "$module"; done < /etc/modules.extra
until [ -e /sys/class/net/eth0 ]; do sleep 0.1; done
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
printf '#!/bin/sh\\n. /run/beamdesk/environment\\necho "$BEAMDESK_PERSON_ID"\\n' > /run/answer.sh
chmod 755 /run/answer.sh
nc -ll -p 3389 -e /run/answer.sh < /dev/null > /dev/null 2>&1 &`;

describe('a console that the guest serves', () => {
  const bench = new QemuBench();
  let image: MachineImage;
  let hypervisor: QemuHypervisor;

  beforeAll(async () => {
    image = scriptedImage(bench, 'true', SERVES);
    hypervisor = bench.hypervisor({ templatesDir: `${bench.root}/templates` });
    const { flavour } = await bench.spec();
    await hypervisor.keepTemplates([{ image, flavour, protocol: 'rdp', shares: [] }]);
    const [template] = await until(() => hypervisor.templates(), ([one]) => one?.state === 'ready', 2 * TINY_MS);
    expect(template).toMatchObject({ state: 'ready', protocol: 'rdp', failure: null });
  });
  afterAll(() => bench.clear());

  async function spec(): Promise<MachineSpec> {
    const made = await bench.spec();
    return { ...made, image, console: { ...made.console, protocol: 'rdp' } };
  }

  async function answerAt(port: number): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    await once(socket, 'close');
    return Buffer.concat(pieces).toString().trim();
  }

  it('is reached in a copy at the port of that copy, though the template had none', async () => {
    const people = ['ada', 'bo'];
    const ports: number[] = [];
    for (const id of people) {
      const wanted = await spec();
      ports.push(wanted.console.port);
      const { path } = await hypervisor.create(wanted);
      expect(path).toBe('clone');
      await hypervisor.personalise(wanted.id, aPersonalisation({ person: { id, name: id } }), TINY_MS);
    }
    for (const [at, port] of ports.entries()) {
      expect(await until(() => answerAt(port), (answer) => answer !== '', TINY_MS)).toBe(people[at]);
    }
  });

  it('is refused where its port is taken, and nothing is said against the template', async () => {
    const wanted = await spec();
    const taker = createServer().listen(wanted.console.port, '127.0.0.1');
    await once(taker, 'listening');
    await expect(hypervisor.create(wanted)).rejects.toMatchObject({ reason: 'port-taken' });
    taker.close();
    expect((await hypervisor.templates())[0]).toMatchObject({ state: 'ready', failures: 0 });
    expect(await hypervisor.create(wanted)).toMatchObject({ path: 'clone' });
  });

  it('is not said to be the guest\'s before the guest took its password', async () => {
    const wanted = await spec();
    await hypervisor.create(wanted);
    const what = aPersonalisation({ consolePassword: 'sesame-of-ada' });
    // This guest has nothing that a password would open.
    await expect(hypervisor.personalise(wanted.id, what, TINY_MS)).rejects.toMatchObject({ reason: 'agent-failed' });
    expect(await hypervisor.find(wanted.id)).toMatchObject({ phase: 'on', personalised: false });
  });
});
