import { SharedSession } from './shared-session';
import { SftpSession } from './sftp/sftp-session';
import { FakeSftpServer } from './testing/fake-sftp-server';

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function shared(idleMs = 30) {
  const servers: FakeSftpServer[] = [];
  const session = new SharedSession(() => {
    const server = new FakeSftpServer();
    servers.push(server);
    return SftpSession.open(server.stream);
  }, idleMs);
  return { servers, session };
}

describe('SharedSession', () => {
  it('connects once for all who come at once', async () => {
    const { servers, session } = shared();
    const [one, other] = await Promise.all([session.acquire(), session.acquire()]);
    expect(one).toBe(other);
    expect(servers).toHaveLength(1);
  });

  it('closes when nobody has used it for a while, and not before', async () => {
    const { servers, session } = shared();
    const first = await session.acquire();
    await session.acquire();
    session.release();
    await after(60);
    expect(first.ended).toBe(false);
    session.release();
    await session.acquire();
    await after(60);
    expect(first.ended).toBe(false);
    session.release();
    await after(60);
    expect(first.ended).toBe(true);
    await session.acquire();
    expect(servers).toHaveLength(2);
  });

  it('connects anew after the connection was lost', async () => {
    const { servers, session } = shared();
    const first = await session.acquire();
    servers[0]?.end();
    await after(10);
    expect(first.ended).toBe(true);
    expect((await session.acquire()).ended).toBe(false);
  });

  it('tries again after a failure, which reaches everybody who waited', async () => {
    let tries = 0;
    const session = new SharedSession(async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return SftpSession.open(new FakeSftpServer().stream);
    }, 30);
    const both = await Promise.allSettled([session.acquire(), session.acquire()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await session.acquire()).ended).toBe(false);
    expect(tries).toBe(2);
  });

  it('lets nobody keep a connection when it is closed', async () => {
    const { session } = shared();
    const opening = session.acquire();
    session.close();
    expect((await opening).ended).toBe(true);
  });
});
