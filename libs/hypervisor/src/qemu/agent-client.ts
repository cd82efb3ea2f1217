import { Duplex } from 'node:stream';
import { HypervisorError } from '../errors';
import { BootScript, GuestSession, NfsMount, Personalisation } from '../machine';
import {
  AgentWord,
  LONGEST_AGENT_LINE,
  parseAgentLine,
  personaliseCommands,
  SCRIPT_SECONDS,
  scriptCommands,
} from './agent-protocol';
import { GuestRefused } from './guest-refused';
import { refused } from './launcher/refusals';
import { LineSplitter } from './line-splitter';

/** An agent speaks every 2 s; after this much silence it counts as lost. */
export const AGENT_SILENCE_MS = 8000;

/** What of a machine its guest is told: its id, and what it mounts by NFS. */
export interface PersonalMachine {
  id: string;
  nfs?: NfsMount[];
}

interface Waiting {
  seq: number;
  resolve: () => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/**
 * The host's end of the guest agent's line protocol over one connection. Believes nothing: lines are bounded, words it does not know are
 * dropped, an answer counts only for the number it names.
 */
export class AgentClient {
  private waiting: Waiting[] = [];
  private seq: number;
  private silence: NodeJS.Timeout | null = null;
  private ended = false;
  private reported: GuestSession = 'unknown';
  private readonly helloWaiters = new Set<() => void>();

  /** The guest's boot, as it calls it; null while the agent is unheard or lost. */
  bootId: string | null = null;
  /** Called when `session` or `bootId` changed. */
  onChange: () => void = () => undefined;
  /** Called once, when the connection has ended. */
  onEnd: () => void = () => undefined;

  constructor(
    private readonly stream: Duplex,
    private readonly silenceMs = AGENT_SILENCE_MS,
    firstSeq = 1 + Math.floor(Math.random() * 1e8),
  ) {
    // Numbers of an earlier connection must not be taken for answers of this one, so each starts somewhere else.
    this.seq = firstSeq;
    const lines = new LineSplitter(LONGEST_AGENT_LINE, (line) => this.take(line));
    stream.on('data', (bytes: Buffer) => lines.push(bytes));
    for (const event of ['error', 'end', 'close']) stream.on(event, () => this.end());
    // The line break ends what a previous connection may have left half-said.
    stream.write('\n');
    this.sendHello();
  }

  get session(): GuestSession {
    return this.bootId === null ? 'unknown' : this.reported;
  }

  /** Sends one command; resolves on `ok`. Rejects with reason `agent-failed` on `fail`, silence or a lost connection. */
  command(words: string, timeoutMs: number): Promise<void> {
    if (this.ended) return Promise.reject(failure(`connection lost before ${verb(words)}`));
    const seq = this.seq++;
    const line = `${seq} ${words}\n`;
    if (line.length > LONGEST_AGENT_LINE || /[^\x20-\x7e]/.test(words)) {
      return Promise.reject(failure(`${verb(words)} is no sendable line`));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.settle(seq, ({ reject: give }) => give(failure(`no answer to ${verb(words)} in ${timeoutMs} ms`)));
      }, timeoutMs);
      this.waiting.push({ seq, resolve, reject, timer });
      this.stream.write(line);
    });
  }

  /**
   * Waits for the agent and tells it everything, in order; gives the boot it told it to. A plan's boot script has its own time beside.
   * @throws MachineRefused boot-script-failed; mount-failed: the guest refused one of the mounts
   */
  async personalise(machine: PersonalMachine, what: Personalisation, timeoutMs: number, now: () => Date = () => new Date()): Promise<string> {
    const end = Date.now() + timeoutMs;
    const boot = await this.heard(timeoutMs);
    const left = () => Math.max(1, end - Date.now());
    await this.commands(personaliseCommands(machine.id, what, now(), machine.nfs), left());
    if (what.bootScript) await this.runScript(what.bootScript, left());
    await this.command('personalised', left());
    if (this.bootId !== boot) throw failure('the guest rebooted while it was told whose it is');
    return boot;
  }

  /** Sends all at once, since each answer alone would cost a way through the emulated port; they come in order. */
  private async commands(lines: string[], timeoutMs: number): Promise<void> {
    const answers = lines.map((words) => this.command(words, timeoutMs).catch((error: unknown) => {
      const isMount = verb(words).startsWith('mount') && error instanceof GuestRefused;
      throw isMount ? refused('mount-failed', `${words.split(' ', 2).join(' ')}: ${error.detail}`) : error;
    }));
    await Promise.allSettled(answers);
    await Promise.all(answers);
  }

  private async runScript(script: BootScript, timeoutMs: number): Promise<void> {
    const [run = '', ...before] = scriptCommands(script).reverse();
    await this.commands(before.reverse(), timeoutMs);
    try {
      await this.command(run, timeoutMs + SCRIPT_SECONDS * 1000);
    } catch (error) {
      if (this.ended || this.bootId === null || !(error instanceof HypervisorError)) throw error;
      throw refused('boot-script-failed', error.detail);
    }
  }

  /** The guest was reset: whatever its agent said is over. */
  forget(): void {
    this.lose();
  }

  close(): void {
    this.end();
  }

  /** Waits until the guest's agent speaks; gives its boot. */
  async heard(timeoutMs: number): Promise<string> {
    if (this.bootId === null && !this.ended) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.helloWaiters.delete(done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        this.helloWaiters.add(done);
      });
    }
    if (this.bootId === null) throw failure(`the agent was not heard within ${timeoutMs} ms`);
    return this.bootId;
  }

  private sendHello(): void {
    this.command('hello', 60_000).catch(() => undefined);
  }

  private take(line: string): void {
    const word = parseAgentLine(line);
    if (!word) return;
    this.armSilence();
    const before = `${this.session} ${this.bootId}`;
    this.believe(word);
    if (`${this.session} ${this.bootId}` !== before) this.onChange();
  }

  private believe(word: AgentWord): void {
    switch (word.kind) {
      case 'ok':
        return this.settle(word.seq, ({ resolve }) => resolve());
      case 'fail':
        return this.settle(word.seq, ({ reject }) => reject(new GuestRefused(word.message)));
      case 'hello':
        if (word.bootId !== this.bootId) this.reported = 'starting';
        this.bootId = word.bootId;
        for (const waiter of [...this.helloWaiters]) waiter();
        return;
      case 'session':
        this.reported = word.session;
        return;
      case 'alive':
        // Back from silence, or an agent that was there before us: ask who it is.
        if (this.bootId === null && !this.waiting.length) this.sendHello();
    }
  }

  private armSilence(): void {
    if (this.silence) clearTimeout(this.silence);
    if (this.ended) return;
    this.silence = setTimeout(() => this.lose(), this.silenceMs).unref();
  }

  private lose(): void {
    if (this.bootId === null) return;
    this.bootId = null;
    this.reported = 'unknown';
    this.onChange();
  }

  private settle(seq: number, how: (waiting: Waiting) => void): void {
    const found = this.waiting.find((waiting) => waiting.seq === seq);
    if (!found) return;
    this.waiting = this.waiting.filter((waiting) => waiting !== found);
    clearTimeout(found.timer);
    how(found);
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.silence) clearTimeout(this.silence);
    this.stream.destroy();
    for (const { seq } of this.waiting) this.settle(seq, ({ reject }) => reject(failure('connection lost')));
    this.lose();
    for (const waiter of [...this.helloWaiters]) waiter();
    this.onEnd();
  }
}

const verb = (words: string) => words.split(' ', 1)[0];

function failure(detail: string): HypervisorError {
  return new HypervisorError('Your desktop did not answer as it should.', 'agent-failed', detail);
}
