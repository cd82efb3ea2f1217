import { join } from 'node:path';
import { GuestSession } from '../machine';
import { AgentClient } from './agent-client';
import { AGENT_SOCKET, QMP_SOCKET } from './argv';
import { QmpClient } from './qmp-client';
import { ScreenWatch } from './screen-watch';
import { unixConnect } from './unix-connect';

/** What a link tells about its machine. */
export interface LinkListener {
  /** Agent, session or connection changed. */
  changed(): void;
  /** The guest is off: by itself, or because it can't go on. */
  off(exit: 'guest-poweroff' | 'crashed'): void;
}

/** Our two connections to one running machine: QMP to its QEMU, and the guest's agent. Either may be missing at any time. */
export class MachineLink {
  private qmp: QmpClient | null = null;
  private agent: AgentClient | null = null;
  private closed = false;
  private connecting: Promise<void> | null = null;
  private lost = false;
  /** In place of the agent where the guest has none. */
  private readonly screen: ScreenWatch | null;

  /** @param screen whether a guest without our agent is looked at: it shows itself by VNC */
  constructor(
    private readonly files: string,
    private readonly withAgent: boolean,
    private readonly listener: LinkListener,
    screen = false,
  ) {
    const dump = async (filename: string) => (await this.control()).execute('screendump', { filename });
    this.screen = screen && !withAgent ? new ScreenWatch(files, dump, () => listener.changed()) : null;
  }

  get session(): GuestSession {
    if (this.screen) return this.screen.up ? 'up' : 'unknown';
    return this.agent?.session ?? 'unknown';
  }

  /** The guest's session is known to have ended; not true of one that was not heard of yet. */
  get sessionLost(): boolean {
    return this.lost;
  }

  get bootId(): string | null {
    return this.agent?.bootId ?? null;
  }

  get agentClient(): AgentClient | null {
    return this.agent;
  }

  /**
   * Makes what is missing of the connections; rejects when QMP cannot be had. `starting`: this is the start, so a guest that does not run
   * yet is as it should be; otherwise its start was cut short and nobody will go on with it.
   */
  connect(starting = false): Promise<void> {
    this.connecting ??= this.connectBoth(starting).finally(() => (this.connecting = null));
    return this.connecting;
  }

  /** The QMP connection. Rejects when it cannot be had. */
  async control(): Promise<QmpClient> {
    if (!this.qmp) await this.connect();
    if (!this.qmp) throw new Error('no QMP connection');
    return this.qmp;
  }

  close(): void {
    this.closed = true;
    this.screen?.end();
    this.qmp?.close();
    this.agent?.close();
  }

  private async connectBoth(starting: boolean): Promise<void> {
    if (!this.qmp) {
      await this.connectQmp(starting);
      this.screen?.begin(!starting);
    }
    if (this.withAgent && !this.agent) await this.connectAgent();
  }

  private async connectQmp(starting: boolean): Promise<void> {
    const qmp = await QmpClient.open(await unixConnect(join(this.files, QMP_SOCKET)));
    if (this.closed) return qmp.close();
    this.qmp = qmp;
    qmp.onEvent = (event, data) => this.event(event, data);
    qmp.onEnd = () => {
      this.qmp = null;
      if (!this.closed) this.listener.changed();
    };
    // What happened while nobody listened.
    const { status } = (await qmp.execute('query-status')) as { status?: unknown };
    if (status === 'shutdown') this.listener.off('guest-poweroff');
    else if (status === 'internal-error' || status === 'guest-panicked') this.listener.off('crashed');
    else if ((status === 'prelaunch' || status === 'inmigrate') && !starting) this.listener.off('crashed');
  }

  private async connectAgent(): Promise<void> {
    const agent = new AgentClient(await unixConnect(join(this.files, AGENT_SOCKET)));
    if (this.closed) return agent.close();
    this.agent = agent;
    agent.onChange = () => {
      this.lost = agent.bootId === null;
      this.listener.changed();
    };
    agent.onEnd = () => {
      this.agent = null;
      if (!this.closed) this.listener.changed();
    };
  }

  private event(event: string, data: Record<string, unknown>): void {
    if (event === 'SHUTDOWN') this.listener.off(data['guest'] === true ? 'guest-poweroff' : 'crashed');
    if (event === 'GUEST_PANICKED') this.listener.off('crashed');
    // The guest's agent went with its system; the next one says hello by itself.
    if (event === 'RESET') this.reset();
  }

  /** Also of an agent that had no time yet to say anything: whoever listens since a moment ago has to hear of it. */
  private reset(): void {
    const silent = this.bootId === null;
    this.lost = true;
    this.screen?.reset();
    this.screen?.begin(false);
    if (silent) this.listener.changed();
    else this.agent?.forget();
  }
}
