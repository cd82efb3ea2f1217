import { randomUUID } from 'node:crypto';
import { MachineSpec, Personalisation } from '../machine';

/** A small valid spec; give what matters to the test. */
export function aMachineSpec(given: Partial<MachineSpec> = {}): MachineSpec {
  return {
    id: randomUUID(),
    installation: 'b7c8e7a2-5d1c-4c19-9f0c-0d7e0a8a5b11',
    image: { id: 'tiny', disk: '/images/tiny/disk.qcow2', boot: { kind: 'disk' }, agent: true, sha256: null, keymap: null },
    flavour: { vcpus: 1, memoryMib: 256, diskMib: 64 },
    console: { protocol: 'vnc', port: 5901, password: 'sesame12' },
    shares: [],
    runAs: null,
    ...given,
  };
}

export function aPersonalisation(given: Partial<Personalisation> = {}): Personalisation {
  return {
    hostname: 'desk-ada',
    timeZone: 'Europe/Paris',
    person: { id: 'ada', name: 'Ada Okafor' },
    proposal: { key: 'demo~20260301', name: '20260301', title: 'A title' },
    mounts: [],
    keyboard: null,
    consolePassword: null,
    bootScript: null,
    ...given,
  };
}
