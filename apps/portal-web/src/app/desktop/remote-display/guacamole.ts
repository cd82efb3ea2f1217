import type * as GuacamoleTypes from 'guacamole-common-js';
import * as bundle from 'guacamole-common-js';

/** The package exports one object as default; its types describe that object's members as the module's own. */
export const Guacamole = (bundle as unknown as { default: typeof GuacamoleTypes }).default;

/** What the players of `Guacamole.AudioPlayer` play through; null where the browser has none. Not in the package's types. */
export function audioContext(): AudioContext | null {
  const { AudioContextFactory } = Guacamole as unknown as {
    AudioContextFactory: { getAudioContext(): AudioContext | null };
  };
  return AudioContextFactory.getAudioContext();
}
