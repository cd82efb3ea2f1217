/**
 * What guacd calls the keyboard that RDP keys are sent for (`server-layout`, Guacamole's manual, "RDP session settings"; those
 * guacd 1.3 knows), by the guest's keyboard as XKB names it: each key travels as the place it has on that keyboard.
 */
const SERVER_LAYOUTS: Readonly<Record<string, string>> = {
  us: 'en-us-qwerty',
  gb: 'en-gb-qwerty',
  de: 'de-de-qwertz',
  at: 'de-de-qwertz',
  ch: 'de-ch-qwertz',
  'ch(de)': 'de-ch-qwertz',
  'ch(fr)': 'fr-ch-qwertz',
  fr: 'fr-fr-azerty',
  be: 'fr-be-azerty',
  es: 'es-es-qwerty',
  latam: 'es-latam-qwerty',
  it: 'it-it-qwerty',
  jp: 'ja-jp-qwerty',
  dk: 'da-dk-qwerty',
  se: 'sv-se-qwerty',
  br: 'pt-br-qwerty',
  hu: 'hu-hu-qwertz',
  tr: 'tr-tr-qwerty',
};

/** @param keyboard XKB, `layout` or `layout(variant)`; null: as the image has it, which is the American one of ours */
export function serverLayout(keyboard: string | null): string {
  const [layout = ''] = (keyboard ?? 'us').split('(');
  return SERVER_LAYOUTS[keyboard ?? 'us'] ?? SERVER_LAYOUTS[layout] ?? 'en-us-qwerty';
}
