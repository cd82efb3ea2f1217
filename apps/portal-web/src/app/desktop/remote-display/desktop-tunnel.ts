import { Guacamole } from './guacamole';
import type { LineMeter } from './line-meter';

const PING_EVERY_MS = 500;
const LOOK_EVERY_MS = 250;
const PING = 'ping';
const SURROGATE_PAIR = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;
const { CLOSED, CONNECTING, OPEN, UNSTABLE } = Guacamole.Tunnel.State;
const { Code } = Guacamole.Status;
type State = (typeof Guacamole.Tunnel.State)[keyof typeof Guacamole.Tunnel.State];
type StatusCode = ConstructorParameters<typeof Guacamole.Status>[0];

/**
 * The websocket that Guacamole's client talks through. The library's own keeps its socket and the answers to its pings
 * to itself; this one speaks the same (text frames of whole instructions, the empty opcode for what is between the ends
 * of the tunnel, a status in decimal as reason of a close) and lets a meter see what passes.
 */
export class DesktopTunnel extends Guacamole.Tunnel {
  private socket: WebSocket | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private pingedAt = 0;

  /** `path`: of the websocket, on this origin. */
  constructor(
    private readonly path: string,
    private readonly meter: LineMeter,
  ) {
    super();
    // The library's constructors put their methods on each object, where methods of a class would not be seen.
    this.connect = (query = '') => this.open(query);
    this.disconnect = () => this.end(Code.SUCCESS);
    this.sendMessage = (...elements: unknown[]) => this.send(elements);
  }

  private open(query: string): void {
    this.move(CONNECTING);
    this.heardAt = Date.now();
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${this.path}?${query}`, 'guacamole');
    socket.onopen = () => (this.heardAt = Date.now());
    socket.onmessage = ({ data }: MessageEvent<string>) => this.receive(data);
    socket.onclose = ({ reason, code }) =>
      this.end((reason ? Number.parseInt(reason, 10) : Code.fromWebSocketCode(code)) as StatusCode);
    this.socket = socket;
  }

  private send(elements: readonly unknown[]): void {
    if (this.isConnected() && elements.length > 0) this.socket?.send(`${elements.map(encoded).join(',')};`);
  }

  private receive(frame: string): void {
    this.heardAt = Date.now();
    this.meter.received(frame.length);
    if (this.state === UNSTABLE) this.move(OPEN);
    let elements: string[] = [];
    for (let at = 0; at < frame.length && this.state !== CLOSED;) {
      const dot = frame.indexOf('.', at);
      const end = dot + 1 + Number(frame.substring(at, dot));
      const terminator = frame[end];
      if (dot === -1 || (terminator !== ',' && terminator !== ';')) return this.end(Code.SERVER_ERROR);
      elements.push(frame.substring(dot + 1, end));
      at = end + 1;
      if (terminator === ';') {
        const [opcode, ...parameters] = elements;
        this.take(opcode, parameters);
        elements = [];
      }
    }
    // Here too, not by the clock alone: in a tab that nobody looks at clocks run once a minute.
    this.pingInTime();
  }

  private take(opcode: string, parameters: string[]): void {
    const internal = opcode === Guacamole.Tunnel.INTERNAL_DATA_OPCODE;
    if (internal && parameters[0] === PING) this.meter.answered();
    if (this.uuid === null && internal && parameters.length === 1) {
      this.uuid = parameters[0];
      this.onuuid?.(this.uuid);
    }
    if (this.state === CONNECTING) this.move(OPEN);
    if (!internal) this.oninstruction?.(opcode, parameters);
  }

  private look(): void {
    const silence = Date.now() - this.heardAt;
    if (silence >= this.receiveTimeout) this.end(Code.UPSTREAM_TIMEOUT);
    else if (silence >= this.unstableThreshold && this.state === OPEN) this.move(UNSTABLE);
    else this.pingInTime();
  }

  /** One at a time: of a line that stands still, more would all arrive at once. */
  private pingInTime(): void {
    const now = Date.now();
    if (!this.isConnected() || now - this.pingedAt < PING_EVERY_MS || this.heardAt < this.pingedAt) return;
    this.pingedAt = now;
    this.send([Guacamole.Tunnel.INTERNAL_DATA_OPCODE, PING, now]);
    this.meter.pinged();
  }

  private end(code: StatusCode): void {
    if (this.state === CLOSED) return;
    clearInterval(this.looking);
    if (code !== Code.SUCCESS) this.onerror?.(new Guacamole.Status(code));
    this.move(CLOSED);
    this.socket?.close();
  }

  private move(state: State): void {
    this.state = state;
    this.onstatechange?.(state);
  }
}

/** Lengths count code points, as guacd does. */
function encoded(element: unknown): string {
  const text = String(element);
  return `${text.length - (text.match(SURROGATE_PAIR)?.length ?? 0)}.${text}`;
}
