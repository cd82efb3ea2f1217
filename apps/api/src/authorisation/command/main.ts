import { authoriseCommand } from './command';

authoriseCommand(process.argv.slice(2), process.env, (line) => void process.stdout.write(`${line}\n`)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
