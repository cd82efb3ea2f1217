import type { connect } from 'node:net';
import type { connect as connectTls } from 'node:tls';
import { Client } from 'ldapts';
import type { DirectorySettings } from '../../config';
import { DirectoryFault, faultOf } from './directory-fault';
import { SingleConnection } from './single-connection';

/** What can be said to a directory. */
export type Talk = Pick<Client, 'bind' | 'search'>;

/** Who is at the other end; null without TLS. */
export type ServerCertificate = ReturnType<SingleConnection['certificate']>;

const GOODBYE_MS = 1000;

/**
 * Opens a connection as the settings say, TLS first, lets `work` talk and closes it, all within the time allowed.
 * Referrals are never followed: they name servers that the site's settings do not.
 * @throws DirectoryFault for whatever goes wrong
 */
export async function converse<T>(
  settings: DirectorySettings,
  work: (talk: Talk, certificate: () => ServerCertificate) => Promise<T>,
): Promise<T> {
  const { security, timeoutMs } = settings;
  const line = new SingleConnection(settings);
  const client = clientOf(settings, line);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_done, failed) => {
    const error = new DirectoryFault('timeout', `no answer within ${timeoutMs / 1000} s`);
    timer = setTimeout(() => failed(error), timeoutMs);
  });
  const talk = async (): Promise<T> => {
    if (security === 'start-tls') await client.startTLS({ ...line.tlsOptions });
    return work(client, () => line.certificate());
  };
  try {
    const answer = await Promise.race([talk(), line.lost, tooLong]);
    client.unbind().catch(() => undefined);
    setTimeout(() => line.close(), GOODBYE_MS).unref();
    return answer;
  } catch (error) {
    line.close();
    throw faultOf(error);
  } finally {
    clearTimeout(timer);
  }
}

function clientOf({ host, port, security }: DirectorySettings, line: SingleConnection): Client {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  // Typed as all forms of `connect`, of which it calls these.
  if (security === 'tls') {
    return new Client({ url: `ldaps://${address}`, createSecureConnection: line.openTls as typeof connectTls });
  }
  return new Client({
    url: `ldap://${address}`,
    createConnection: line.open as typeof connect,
    createSecureConnection: line.upgrade as typeof connectTls,
  });
}
