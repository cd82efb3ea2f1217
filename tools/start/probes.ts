import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

const WITHIN_MS = 4000;

/** Whether somebody listens on a loopback port. */
export function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(WITHIN_MS, () => end(false));
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/** Whether GET gives an answer below 500, asked as the public origin would ask. */
export function httpAnswers(port: number, path: string, publicPort: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path, headers: { host: `localhost:${publicPort}`, connection: 'close' }, timeout: WITHIN_MS },
      (answer) => {
        answer.resume();
        resolve((answer.statusCode ?? 500) < 500);
      },
    );
    asked.once('timeout', () => asked.destroy()).once('error', () => resolve(false)).end();
  });
}

/** For a service that only says that it is ready: looks for the words in what its log got since this start. */
export function logHolds(layout: Layout, service: string, words: string): () => Promise<boolean> {
  const file = join(layout.logs, `${service}.log`);
  const from = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return async () => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= from) return size < from;
    const text = Buffer.alloc(size - from);
    const descriptor = openSync(file, 'r');
    readSync(descriptor, text, 0, text.length, from);
    closeSync(descriptor);
    return text.includes(words);
  };
}
