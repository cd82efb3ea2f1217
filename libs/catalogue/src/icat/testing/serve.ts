/**
 * A test ICAT with its data server as a process of its own: `node serve.js SEED_FILE`. Says its address on standard output, and
 * is told what to do by `POST /test/arrive` (what is being restored comes back: its files into the folder, its state online).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { SeedProposal } from '../../testing/seed';
import { EntityNode } from './entities';
import { addDataset, addInvestigation } from './icat-seed';
import { IcatTestServer } from './icat-server';

const seedFile = z.object({
  port: z.int().nonnegative().default(0),
  passwords: z.record(z.string(), z.string()),
  proposals: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      beamline: z.string(),
      team: z.record(z.string(), z.string()),
      datasets: z
        .array(
          z.object({
            name: z.string(),
            availability: z.enum(['online', 'archived']),
            /** What comes back with a restore: paths and texts. */
            files: z.record(z.string(), z.string()).default({}),
          }),
        )
        .default([]),
    }),
  ),
});
type Seed = z.infer<typeof seedFile>['proposals'][number];

function add(server: IcatTestServer, seed: Seed, files: Map<number, Record<string, string>>): void {
  const team = Object.entries(seed.team).map(([account, role]) => ({
    account,
    name: account,
    affiliation: null,
    roles: [role],
  }));
  const beamline = { id: '', name: seed.beamline, technique: '' };
  const visit: SeedProposal['visits'][number] = { id: '1', beamline, start: new Date(0), end: null };
  const investigation: EntityNode = addInvestigation(server, { ...seed, abstract: '', team }, visit);
  for (const { name, availability, files: own } of seed.datasets) {
    const plain = { id: '', createdAt: null, sizeBytes: 10, fileCount: 1, sample: null, technique: null };
    files.set(addDataset(server, investigation, { ...plain, name, availability }).id, own);
  }
}

async function main(path: string): Promise<void> {
  const { port, passwords, proposals } = seedFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  const server = await IcatTestServer.start(port);
  for (const [user, password] of Object.entries(passwords)) server.passwords.set(user, password);
  const files = new Map<number, Record<string, string>>();
  for (const proposal of proposals) add(server, proposal, files);
  const arrive = (): number => {
    const coming = [...server.ids.where].filter(([, state]) => state === 'RESTORING');
    for (const [id] of coming) {
      for (const [file, text] of Object.entries(files.get(id) ?? {})) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    server.ids.finishRestores();
    return coming.length;
  };
  server.http.mischief = ({ method, url }) =>
    method === 'POST' && url.pathname === '/test/arrive' ? { status: 200, text: String(arrive()) } : null;
  process.stdout.write(`${server.http.url}\n`);
}

void main(process.argv[2] ?? '');
