import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Called with every line the command prints, on either stream. */
  onLine?: (line: string) => void;
  /** Ends the command. */
  signal?: AbortSignal;
}

/** A command that ended with another code than 0; `output` holds the last lines it printed. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';

  readonly output: string;

  constructor(command: string, code: number | null, output: string) {
    super(`${command} ended with ${code ?? 'a signal'}: ${output.trim().split('\n').slice(-3).join(' | ')}`);
    this.output = output;
  }
}

/** Runs a command without a shell to its end and gives what it wrote to standard output. */
export function run(argv: [string, ...string[]], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const [command, ...args] = argv;
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      signal: options.signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let tail = '';
    const take = (chunk: string) => {
      tail = (tail + chunk).slice(-8192);
      if (options.onLine) chunk.split('\n').filter(Boolean).forEach(options.onLine);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(command, code, tail));
    });
  });
}
