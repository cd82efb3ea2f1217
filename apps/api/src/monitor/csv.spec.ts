import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import express from 'express';
import { type Cell, csvLine, csvOf, sendLines } from './csv';

describe('a line of CSV', () => {
  it.each<[Cell[], string]>([
    [['a', 1, 0.5, true, null, ''], 'a,1,0.5,true,,\r\n'],
    [['a,b', 'say "no"', 'two\nlines', 'cr\rhere'], '"a,b","say ""no""","two\nlines","cr\rhere"\r\n'],
    [['=1+1', '+49 1', '-2', '@cmd', '\tx'], "'=1+1,'+49 1,'-2,'@cmd,'\tx\r\n"],
    [['=HYPERLINK("http://evil","x")'], '"\'=HYPERLINK(""http://evil"",""x"")"\r\n'],
    [[-2, 'a=b'], '-2,a=b\r\n'],
  ])('of %j is %j', (cells, line) => expect(csvLine(cells)).toBe(line));
});

describe('a file that is sent line by line', () => {
  async function* rows(count: number, failAt = Infinity): AsyncGenerator<number> {
    for (let n = 0; n < count; n += 1) {
      if (n === failAt) throw new Error('database away');
      yield n;
    }
  }

  async function fetched(
    count: number,
    failAt?: number,
  ): Promise<{ status: number; text: string | null; type: string | null }> {
    const app = express();
    app.get('/', (_request, response: Response) => {
      const lines = csvOf(['n'], rows(count, failAt), (n) => [n]);
      sendLines(response, { name: 'n.csv', type: 'text/csv' }, lines).catch(() => response.status(500).end());
    });
    const server = createServer(app).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const text = await answer.text().catch(() => null);
      return { status: answer.status, text, type: answer.headers.get('content-type') };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('is whole, however long', async () => {
    const { status, text, type } = await fetched(20_000);
    expect([status, type]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(text?.split('\r\n')).toHaveLength(20_002);
  });

  it('is a head where there is nothing', async () => expect((await fetched(0)).text).toBe('n\r\n'));

  it('is an error when nothing could be read, and never looks whole when reading fails later', async () => {
    expect((await fetched(3, 0)).status).toBe(500);
    expect((await fetched(20_000, 19_000)).text).toBeNull();
  });
});
