import { catalogueCommand } from './command';

const print = (line: string) => void process.stdout.write(`${line}\n`);

catalogueCommand(process.argv.slice(2), process.env, process.cwd(), print).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
