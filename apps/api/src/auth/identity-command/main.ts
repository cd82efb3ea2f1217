import { identityCommand } from './command';

const print = (line: string) => void process.stdout.write(`${line}\n`);
const terminal = { env: process.env, cwd: process.cwd(), input: process.stdin, print };

identityCommand(process.argv.slice(2), terminal).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
