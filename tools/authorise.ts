/** `npm run authorise`; without settings of its own the database is the one of `npm start`, while that runs. */
import { join, resolve } from 'node:path';
import { runApiCommand } from './api-command.ts';
import { embeddedDatabase } from './start/database.ts';
import { CHECKOUT, layoutOf } from './start/layout.ts';

const data = resolve(process.env['BEAMDESK_DATA'] || join(CHECKOUT, 'data'));
const database = process.env['DATABASE_URL'] ? null : embeddedDatabase(layoutOf(data));
await runApiCommand(
  'authorise-command',
  'apps/api/src/authorisation/command/main.ts',
  database ? { DATABASE_URL: database.url, DATABASE_PASSWORD_FILE: database.passwordFile } : {},
);
