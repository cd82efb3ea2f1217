import type { NewPlan, PlanAdminView, PlanChange } from '@beamdesk/contracts';
import { chosenOf, linesOf, textOf, tickedOf, wholeOf } from './form-values';

const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const VALUE_NAME = /^[a-z][a-z0-9_]{0,31}$/;
const KEYBOARD = /^[a-z][a-z0-9_]{0,30}(\([A-Za-z0-9_-]{1,40}\))?$/;

/** What a plan's form says; a string says what is lacking. Times in minutes. */
export function planOf(form: FormData): Required<PlanChange> | string {
  const [name, description] = [textOf(form, 'name'), textOf(form, 'description')];
  if (name === '') return 'Give it a name.';
  if (description === '') return 'Say in one line what it is: users choose by that.';
  const [image, flavour] = [textOf(form, 'image'), textOf(form, 'flavour')];
  if (image === '' || flavour === '') return 'Choose an image and a flavour.';
  const lifetimeMinutes = wholeOf(form, 'lifetimeMinutes') ?? Number.NaN;
  if (!isMinutes(lifetimeMinutes)) return 'Life: whole minutes, from 1 to 525600 (a year).';
  const idleMinutes = wholeOf(form, 'idleMinutes');
  if (idleMinutes !== null && !isMinutes(idleMinutes)) return 'Idle time: whole minutes, or nothing.';
  const extension = extensionOf(form);
  if (typeof extension === 'string') return extension;
  const keyboard = textOf(form, 'keyboard');
  if (keyboard !== '' && !KEYBOARD.test(keyboard)) return 'Keyboard: as XKB names it, such as de or ch(fr); or nothing.';
  const bootScript = bootScriptOf(form);
  if (typeof bootScript === 'string') return bootScript;
  const [beamlines, techniques] = [chosenOf(form, 'beamline-'), chosenOf(form, 'technique-')];
  if (beamlines.length + techniques.length === 0) return 'Choose where it is offered: a beamline or a technique.';
  const position = wholeOf(form, 'position') ?? 1000;
  if (!(position <= 1_000_000)) return 'Place in the list: a whole number up to 1000000.';
  return {
    ...{ name, description, image, flavour, lifetimeMinutes, idleMinutes, extension, bootScript, beamlines, techniques, position },
    keepsDisk: tickedOf(form, 'keepsDisk'),
    network: tickedOf(form, 'outbound') ? 'outbound' : 'none',
    preset: tickedOf(form, 'preset'),
    keyboard: keyboard === '' ? null : keyboard,
    imageValues: imageValuesOf(form),
  };
}

/** The same for a new one. */
export function newPlanOf(form: FormData): NewPlan | string {
  const id = textOf(form, 'id');
  if (!ID.test(id)) return 'The id is 1 to 63 of a-z, 0-9 and -, not beginning with -.';
  const plan = planOf(form);
  return typeof plan === 'string' ? plan : { id, ...plan };
}

/** Values of a script of its own, one a line: "name=value". */
export function valueLines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

function isMinutes(value: number): boolean {
  return value >= 1 && value <= 525_600;
}

function extensionOf(form: FormData): PlanAdminView['extension'] | string {
  const [minutes, times] = [wholeOf(form, 'extensionMinutes'), wholeOf(form, 'extensionTimes')];
  if (minutes === null && times === null) return null;
  if (minutes === null || times === null || !isMinutes(minutes) || !(times >= 1 && times <= 100)) {
    return 'More time by oneself: whole minutes, and how often, 1 to 100; or neither.';
  }
  return { minutes, times };
}

function bootScriptOf(form: FormData): PlanAdminView['bootScript'] | string {
  const script = form.get('bootScript');
  if (typeof script !== 'string' || script.trim() === '') return null;
  const values = linesOf(form, 'bootValues').map((line) => [line.split('=')[0].trim(), line.slice(line.indexOf('=') + 1)] as const);
  const odd = linesOf(form, 'bootValues').find((line) => !line.includes('=') || !VALUE_NAME.test(line.split('=')[0].trim()));
  if (odd !== undefined) return `“${odd}” is no value of a script: write name=value, one a line.`;
  return { text: script.replace(/\r\n/g, '\n'), values: Object.fromEntries(values) };
}

/** Only those that say something: the image's own count for the others. */
function imageValuesOf(form: FormData): Record<string, string> {
  const given = [...form.entries()].filter(([name, value]) => name.startsWith('image-value-') && value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name.slice('image-value-'.length), String(value)]));
}
