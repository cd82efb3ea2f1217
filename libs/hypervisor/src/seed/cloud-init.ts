import { CloudInit } from '../machine';
import { iso9660 } from './iso9660';

/** By this label cloud-init's NoCloud source knows its disk (cloud-init's documentation, "NoCloud"). */
const LABEL = 'cidata';

/** The disk from which a guest's cloud-init takes its user data. The instance id is the machine's, so that each machine is set up once. */
export function seedDisk(machine: string, { userData }: CloudInit): Buffer {
  const metaData = `instance-id: ${machine}\nlocal-hostname: desktop-${machine.slice(0, 8)}\n`;
  return iso9660(LABEL, { 'meta-data': metaData, 'user-data': userData });
}
