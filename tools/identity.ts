/** `npm run identity` */
import { runApiCommand } from './api-command.ts';

await runApiCommand('identity-command', 'apps/api/src/auth/identity-command/main.ts');
