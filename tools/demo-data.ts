import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { Output, proposalFolder, type DemoDataset } from './demo-data/dataset.ts';
import { demoDatasets } from './demo-data/datasets.ts';

/** What is known of one dataset's files; a line of `demo-data/datasets.yaml`. */
export interface DatasetFiles {
  proposal: string;
  id: string;
  name: string;
  folder: string;
  technique: string;
  sample: string;
  createdAt: string;
  files: string[];
  bytes: number;
}

const source = join(import.meta.dirname, 'demo-data');
const stampName = '.beamdesk-demo-data';

/** Changes when the generator does: data made by another one are made again. */
function generatorHash(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(source).sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.spec.ts')) hash.update(name).update(readFileSync(join(source, name)));
  }
  return hash.digest('hex');
}

async function generate(dataset: DemoDataset, root: string): Promise<DatasetFiles> {
  const folder = join(root, proposalFolder(dataset.proposal), dataset.folder);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  await dataset.make(new Output(folder, `${dataset.proposal}/${dataset.id}`));
  const files = readdirSync(folder).sort();
  for (const name of files) chmodSync(join(folder, name), 0o644);
  const { proposal, id, name, technique, sample, createdAt } = dataset;
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return { proposal, id, name, folder: dataset.folder, technique, sample, createdAt, files, bytes };
}

/**
 * Makes the demo datasets at `<root>/<proposal>/<dataset>/…` (`/` in a proposal's name is `_` there), readable by
 * every user. Data that this generator made before are kept; an interrupted run leaves nothing behind that counts as data.
 * @param root a folder that holds demo data only: it is replaced as a whole
 * @returns what is there, or null when it was there already
 */
export async function provideDemoData(root: string): Promise<DatasetFiles[] | null> {
  const target = resolve(root);
  const stamp = generatorHash();
  const present = join(target, stampName);
  if (existsSync(present) && readFileSync(present, 'utf8').trim() === stamp) return null;
  if (existsSync(target) && !existsSync(present) && readdirSync(target).length > 0) {
    throw new Error(`${target} holds something else than demo data: not touched`);
  }
  const fresh = `${target}.tmp`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  mkdirSync(fresh, { mode: 0o755 });
  const made: DatasetFiles[] = [];
  for (const dataset of demoDatasets) made.push(await generate(dataset, fresh));
  writeFileSync(join(fresh, stampName), `${stamp}\n`, { mode: 0o644 });
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  return made;
}

/** The list of datasets as the committed `demo-data/datasets.yaml` holds it. */
export function datasetList(datasets: DatasetFiles[]): string {
  const head =
    '# Every demo dataset: what it is and which files `node tools/demo-data.ts DIR` makes for it; what that prints\n' +
    "# with `--list`. Folders are relative to the proposal's folder, bytes are the sum of the files.\n";
  return head + stringify({ datasets }, { lineWidth: 0 });
}

if (import.meta.main) {
  const words = process.argv.slice(2).filter((word) => word !== '--list');
  const [root] = words;
  if (!root || words.length > 1) {
    console.error('usage: node tools/demo-data.ts DIR [--list]');
    process.exitCode = 2;
  } else {
    const begin = Date.now();
    try {
      const made = await provideDemoData(root);
      const bytes = made?.reduce((sum, dataset) => sum + dataset.bytes, 0) ?? 0;
      const seconds = ((Date.now() - begin) / 1000).toFixed(1);
      console.error(
        made
          ? `${made.length} datasets, ${(bytes / 1e6).toFixed(1)} MB, in ${seconds} s`
          : 'the demo data are there already',
      );
      if (made && process.argv.includes('--list')) process.stdout.write(datasetList(made));
    } catch (error) {
      console.error(`tools/demo-data.ts: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}
