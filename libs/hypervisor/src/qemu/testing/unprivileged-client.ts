import { aPersonalisation } from '../../testing/machine-spec';
import { MachineSpec } from '../../machine';
import { connectLauncher } from '../launcher/remote-launcher';
import { QemuHypervisor } from '../qemu-hypervisor';

/** A client as the api is one: no rights but to reach the launcher. Reads one spec from stdin, lives a machine's life, prints what it saw. */
async function main(): Promise<void> {
  const [, , socket, machinesDir, installation] = process.argv;
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const spec = JSON.parse(text) as MachineSpec;
  const hypervisor = new QemuHypervisor({ installation, machinesDir, launcher: connectLauncher(socket), pollMs: 300 });
  const made = await hypervisor.create(spec);
  await hypervisor.personalise(spec.id, aPersonalisation(), 60_000);
  const told = await hypervisor.find(spec.id);
  await hypervisor.destroy(spec.id);
  const gone = await hypervisor.find(spec.id);
  await hypervisor.close();
  process.stdout.write(JSON.stringify({ uid: process.getuid?.(), made, told, gone }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? `${error.message} ${JSON.stringify(error)}` : String(error)}\n`);
  process.exitCode = 1;
});
