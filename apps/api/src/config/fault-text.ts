import { YamlInvalid } from '@beamdesk/catalogue';
import { ConfigError } from './load-config';

/** Why the api could not start: plain lines where somebody outside can mend it, otherwise with the stack that we need. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const mendable = error instanceof ConfigError || error instanceof YamlInvalid || typeof (error as NodeJS.ErrnoException).code === 'string';
  return mendable ? error.message : (error.stack ?? error.message);
}
