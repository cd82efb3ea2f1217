import type { ImageSetup, ImageTraits, SoftwareEntry } from '@beamdesk/contracts';
import { linesOf, textOf, tickedOf, wholeOf } from './form-values';

/** Of a version nobody has said anything about yet: a disk from anywhere. */
export const USUAL_TRAITS: ImageTraits = {
  protocol: 'vnc',
  firmware: 'bios',
  architecture: 'x86_64',
  agent: false,
  clonable: true,
  gpus: 0,
  setup: null,
  software: [],
};

const VALUE_NAME = /^[a-z][a-z0-9_]{0,31}$/;

/** What a form of traits says; a string says what is lacking. */
export function traitsOf(form: FormData): ImageTraits | string {
  const gpus = wholeOf(form, 'gpus') ?? 0;
  if (!(gpus <= 16)) return 'GPUs: a whole number from 0 to 16.';
  const setup = setupOf(form);
  if (typeof setup === 'string') return setup;
  const agent = tickedOf(form, 'agent');
  if (setup?.kind === 'script' && !agent) return 'A boot script is run by our agent: tick that it runs in it, or use cloud-init.';
  if (textOf(form, 'protocol') === 'rdp' && !agent) return 'RDP needs our agent: it gives the session in the guest its password.';
  if (textOf(form, 'architecture') === 'aarch64' && textOf(form, 'firmware') !== 'uefi') return 'Machines of aarch64 have UEFI.';
  return {
    protocol: textOf(form, 'protocol') === 'rdp' ? 'rdp' : 'vnc',
    firmware: textOf(form, 'firmware') === 'uefi' ? 'uefi' : 'bios',
    architecture: textOf(form, 'architecture') === 'aarch64' ? 'aarch64' : 'x86_64',
    agent,
    clonable: textOf(form, 'clonable') !== 'no',
    gpus,
    setup,
    software: linesOf(form, 'software').map(softwareOf),
  };
}

/** "pyFAI, 2024.5" or "pyFAI". */
export function softwareLine({ name, version }: SoftwareEntry): string {
  return version === null ? name : `${name}, ${version}`;
}

function softwareOf(line: string): SoftwareEntry {
  const comma = line.lastIndexOf(',');
  const version = comma < 0 ? '' : line.slice(comma + 1).trim();
  return version === '' ? { name: line.replace(/,\s*$/, ''), version: null } : { name: line.slice(0, comma).trim(), version };
}

function setupOf(form: FormData): ImageSetup | null | string {
  const kind = textOf(form, 'setup');
  if (kind !== 'script' && kind !== 'cloud-init') return null;
  // As it was written: a script may begin or end with blanks.
  const script = form.get('setup-text');
  if (typeof script !== 'string' || script.trim() === '') return 'Write the script or the user data, or choose “nothing”.';
  const values = [...form.keys()]
    .filter((name) => name.startsWith('value-name-'))
    .map((name) => name.slice('value-name-'.length))
    .map((row) => ({
      name: textOf(form, `value-name-${row}`),
      value: textOf(form, `value-value-${row}`),
      description: textOf(form, `value-about-${row}`),
    }))
    .filter(({ name, value, description }) => name + value + description !== '');
  const odd = values.find(({ name }) => !VALUE_NAME.test(name));
  if (odd) return `“${odd.name}” is no name of a value: a small letter first, then a-z, 0-9 and _.`;
  const untold = values.find(({ description }) => description === '');
  if (untold) return `Say what the value “${untold.name}” is for.`;
  if (new Set(values.map(({ name }) => name)).size < values.length) return 'Two values have the same name.';
  // Line ends as the guest reads them: a browser sends those of forms as CR LF.
  return { kind, text: script.replace(/\r\n/g, '\n'), values };
}
