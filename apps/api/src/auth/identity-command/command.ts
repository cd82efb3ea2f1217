import { YamlInvalid } from '@beamdesk/catalogue';
import { ConfigError } from '../../config';
import { accountCommand } from './account-command';
import { checkCommand, mapAccountCommand } from './directory-commands';
import { linkCommand } from './link-command';
import { mapCommand } from './map-command';
import type { Terminal } from './terminal';
import { HELP, UsageError } from './usage';

/**
 * `npm run identity`: see HELP.
 * @returns the exit code
 */
export async function identityCommand(argv: string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = argv;
  try {
    if (argv.includes('--help') || argv.includes('-h')) return (terminal.print(HELP), 0);
    if (command === 'map' && rest.some((word) => /^--directory(=|$)/.test(word))) return await mapAccountCommand(rest, terminal);
    if (command === 'map') return await mapCommand(rest, terminal);
    if (command === 'check') return await checkCommand(rest, terminal);
    if (command === 'link' || command === 'unlink' || command === 'show') return await linkCommand(command, rest, terminal);
    if (command === 'account') return await accountCommand(rest, terminal);
    throw new UsageError(command === undefined ? 'which command?' : `there is no command ${command}`);
  } catch (error) {
    if (error instanceof UsageError) terminal.print(`${error.message}\n\n${HELP}`);
    else if (error instanceof YamlInvalid || error instanceof ConfigError || isSystemFault(error))
      terminal.print(error.message);
    else throw error;
    return 2;
  }
}

/** Asked by its shape: what the system throws may be of another realm. */
function isSystemFault(error: unknown): error is Error {
  return typeof (error as { code?: unknown } | null)?.code === 'string';
}
