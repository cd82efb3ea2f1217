/** `npm run catalogue` */
import { runApiCommand } from './api-command.ts';

await runApiCommand('catalogue-command', 'apps/api/src/adapters/catalogue-command/main.ts');
