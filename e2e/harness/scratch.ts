import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomWord } from '../fixtures/words';
import { until } from './installation';
import type { Screen } from './screen';

const APPEARS_MS = 60_000;
const FILLED_MS = 30_000;

/** The host's side of the folder that desktops of a proposal have as /scratch; one person's, as long as it is the only one. */
export class Scratch {
  private readonly root: string;

  constructor(
    dataDir: string,
    private readonly proposal: string,
  ) {
    this.root = join(dataDir, 'scratch');
  }

  /** The path of a file that is there. */
  find(name: string): string | null {
    const found = this.paths().find((path) => path.endsWith(`/${name}`));
    return found ? join(this.root, found) : null;
  }

  /** Waits for a file, even an empty one; gives its path. */
  appeared(name: string): Promise<string> {
    return until(() => this.find(name), APPEARS_MS, () => `${name} in scratch`);
  }

  /** Waits until a file has so many lines; gives them. */
  async lines(name: string, count: number): Promise<string[]> {
    const path = await this.appeared(name);
    const read = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);
    await until(() => read().length >= count, FILLED_MS, () => `${count} lines in ${name}, not ${JSON.stringify(read())}`);
    return read();
  }

  /** Types a command whose output goes to a file of scratch; gives its first line. */
  async answerTo(screen: Screen, command: string): Promise<string> {
    const name = `${randomWord()}.txt`;
    await screen.type(`${command} > /scratch/${name}`);
    return (await this.lines(name, 1))[0] ?? '';
  }

  /** Puts a file where the guest sees it in /scratch. */
  put(name: string, content: string): void {
    const beside = this.paths().find((path) => path.endsWith('.txt'));
    if (!beside) throw new Error(`nothing in the scratch of ${this.proposal} yet`);
    writeFileSync(join(this.root, dirname(beside), name), content, { mode: 0o644 });
  }

  private paths(): string[] {
    return readdirSync(this.root, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes(this.proposal));
  }
}
