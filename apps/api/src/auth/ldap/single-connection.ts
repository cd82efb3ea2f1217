import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { DirectorySettings } from '../../config';
import { DirectoryFault } from './directory-fault';

/**
 * The one connection of a conversation with a directory. ldapts connects anew by itself where the server has hung up,
 * and after StartTLS the new connection would be in the clear: a second one is refused. And what came before the TLS of
 * StartTLS must be the server's answer and not a byte more, or somebody in between could put answers into its mouth
 * (RFC 4513, 6.2).
 */
export class SingleConnection {
  private socket: Socket | null = null;
  private secure: TLSSocket | null = null;
  private inTheClear = Buffer.alloc(0);
  private fail: (error: Error) => void = () => undefined;
  /** Never fulfilled: fails once the connection has ended, which ldapts does not notice below TLS. */
  readonly lost = new Promise<never>((_done, failed) => (this.fail = failed));
  readonly tlsOptions: ConnectionOptions;

  constructor(private readonly settings: Pick<DirectorySettings, 'host' | 'ca' | 'security'>) {
    const { host, ca } = settings;
    this.lost.catch(() => undefined);
    // The host is what the certificate must name; an address has no place in SNI (RFC 6066, 3).
    this.tlsOptions = {
      host,
      minVersion: 'TLSv1.2',
      ...(isIP(host) ? {} : { servername: host }),
      ...(ca === null ? {} : { ca }),
    };
  }

  readonly open = (port: number, host: string): Socket => {
    const socket = this.keep(() => connect(port, host));
    if (this.settings.security === 'start-tls') socket.on('data', this.listen);
    return socket;
  };

  readonly openTls = (port: number, host: string): TLSSocket =>
    this.keep(() => (this.secure = connectTls({ ...this.tlsOptions, port, host })));

  /** @param options with the socket of `open` */
  readonly upgrade = (options: ConnectionOptions): TLSSocket => {
    this.socket?.off('data', this.listen);
    if (!isOneMessage(this.inTheClear))
      throw new DirectoryFault('untrusted', 'more than one answer came before TLS was there');
    return (this.secure = connectTls(options));
  };

  /** The server's certificate as far as the TLS goes; null without TLS. */
  certificate(): { name: string; validTo: Date } | null {
    const found = this.secure?.getPeerX509Certificate();
    return found ? { name: found.subject.replaceAll('\n', ', '), validTo: found.validToDate } : null;
  }

  close(): void {
    this.socket?.destroy();
  }

  private keep<S extends Socket>(make: () => S): S {
    if (this.socket) throw new DirectoryFault('unreachable', 'the connection ended too early');
    const socket = make();
    this.socket = socket;
    socket.once('close', () => this.fail(new DirectoryFault('unreachable', 'the connection ended too early')));
    return socket;
  }

  private readonly listen = (bytes: Buffer): void => {
    this.inTheClear = Buffer.concat([this.inTheClear, bytes]);
  };
}

/** Whether these bytes are one whole LDAPMessage: a SEQUENCE of definite length (RFC 4511, 5.1). */
export function isOneMessage(bytes: Buffer): boolean {
  const first = bytes[1];
  if (bytes[0] !== 0x30 || first === undefined) return false;
  if (first < 0x80) return bytes.length === 2 + first;
  const size = first - 0x80;
  if (size < 1 || size > 4 || bytes.length < 2 + size) return false;
  return bytes.length === 2 + size + bytes.readUIntBE(2, size);
}
