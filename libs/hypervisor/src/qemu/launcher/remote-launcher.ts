import { Socket } from 'node:net';
import { HypervisorUnreachable } from '../../errors';
import { Gpu } from '../../gpu/gpu';
import { LineSplitter } from '../line-splitter';
import { MachineOrder, TemplateOrder } from '../machine-order';
import { unixConnect } from '../unix-connect';
import { HostFigures, Launcher, ProcessIdentity, SpawnedTemplate, Started, TemplateFiles } from './launcher';
import { answerError, launcherAnswer, LauncherRequest, LONGEST_LINE } from './protocol';
import { textOf } from './refusals';

type Asked = LauncherRequest extends infer R ? (R extends { n: number } ? Omit<R, 'n'> : never) : never;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** Proving KVM and looking at an image take longest, and of templates reading gigabytes on a slow disk. */
const ANSWER_MS = 60_000;
const SUMMING_MS = 10 * 60_000;
const SUMMING = new Set(['sealTemplate', 'checkTemplate']);

/** The launcher in its own process, over its unix socket; connects when asked and again after it was restarted. */
export class RemoteLauncher implements Launcher {
  private connection: Promise<Socket> | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;

  constructor(private readonly path: string) {}

  figures = () => this.ask({ do: 'figures' }) as Promise<HostFigures>;
  prepare = (id: string) => this.ask({ do: 'prepare', id }) as Promise<void>;
  writeRecord = (id: string, text: string) => this.ask({ do: 'writeRecord', id, text }) as Promise<void>;
  spawn = (order: MachineOrder, resume: boolean) => this.ask({ do: 'spawn', order, resume }) as Promise<Started>;
  locate = (id: string) => this.ask({ do: 'locate', id }) as Promise<ProcessIdentity | null>;
  kill = (id: string, process: ProcessIdentity) => this.ask({ do: 'kill', id, process }) as Promise<void>;
  servedTags = (id: string) => this.ask({ do: 'servedTags', id }) as Promise<string[]>;
  scratchUsage = (path: string) =>
    this.ask({ do: 'scratchUsage', path }) as Promise<{ usedBytes: number; freeBytes: number }>;
  remove = (id: string) => this.ask({ do: 'remove', id }) as Promise<void>;
  templateKey = (order: TemplateOrder) => this.ask({ do: 'templateKey', order }) as Promise<string>;
  writeTemplate = (id: string, text: string) => this.ask({ do: 'writeTemplate', id, text }) as Promise<void>;
  spawnTemplate = (id: string, order: TemplateOrder) =>
    this.ask({ do: 'spawnTemplate', id, order }) as Promise<SpawnedTemplate>;
  receiveState = (id: string) => this.ask({ do: 'receiveState', id }) as Promise<string>;
  sealTemplate = (id: string) => this.ask({ do: 'sealTemplate', id }) as Promise<TemplateFiles>;
  checkTemplate = (id: string, known: TemplateFiles, thorough: boolean) =>
    this.ask({ do: 'checkTemplate', id, known, thorough }) as Promise<TemplateFiles>;
  removeTemplate = (id: string, keepRecord: boolean) =>
    this.ask({ do: 'removeTemplate', id, keepRecord }) as Promise<void>;
  gpus = () => this.ask({ do: 'gpus' }) as Promise<Gpu[]>;
  gpuBind = (address: string) => this.ask({ do: 'gpuBind', address }) as Promise<void>;
  gpuRelease = (address: string) => this.ask({ do: 'gpuRelease', address }) as Promise<void>;

  async close(): Promise<void> {
    const socket = await this.connection?.catch(() => null);
    socket?.destroy();
  }

  private async ask(request: Asked): Promise<unknown> {
    const socket = await this.connect();
    const n = this.next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new Error(`no answer to ${request.do}`)), SUMMING.has(request.do) ? SUMMING_MS : ANSWER_MS);
      this.waiting.set(n, { resolve, reject, timer });
      socket.write(`${JSON.stringify({ ...request, n })}\n`);
    });
  }

  private connect(): Promise<Socket> {
    this.connection ??= this.open().catch((error: unknown) => {
      this.connection = null;
      throw new HypervisorUnreachable(`machine launcher: ${textOf(error)}`);
    });
    return this.connection;
  }

  private async open(): Promise<Socket> {
    const socket = await unixConnect(this.path);
    const lines = new LineSplitter(LONGEST_LINE, (line) => this.take(line));
    socket.on('data', (bytes: Buffer) => lines.push(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.lost());
    socket.unref();
    return socket;
  }

  private take(line: string): void {
    const answer = launcherAnswer.parse(JSON.parse(line));
    const waiting = this.waiting.get(answer.n);
    if (!waiting) return;
    this.waiting.delete(answer.n);
    clearTimeout(waiting.timer);
    const error = answerError(answer);
    if (error) waiting.reject(error);
    else waiting.resolve(answer.value);
  }

  private lost(): void {
    this.connection = null;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new HypervisorUnreachable('machine launcher: connection lost'));
    }
    this.waiting.clear();
  }
}

/** The launcher that listens on a unix socket. */
export const connectLauncher = (path: string): Launcher => new RemoteLauncher(path);
