import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeHdf5, type Tree } from './hdf5.ts';
import { Random } from './random.ts';

/** Where one dataset's files go, and the random numbers they are made with. */
export class Output {
  readonly random: Random;
  private readonly folder: string;

  constructor(folder: string, seed: string) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  write(name: string, content: Buffer | string): void {
    writeFileSync(join(this.folder, name), content, { mode: 0o644 });
  }

  async hdf5(name: string, tree: Tree): Promise<void> {
    await writeHdf5(join(this.folder, name), tree);
  }
}

/** One dataset of a proposal, and how its files are made. */
export interface DemoDataset {
  /** Name of the proposal as the catalogue writes it. */
  proposal: string;
  /** Unique among all datasets. */
  id: string;
  name: string;
  /** Below the proposal's folder. */
  folder: string;
  technique: 'diffraction' | 'xrf' | 'tomo' | 'sans' | 'laser';
  sample: string;
  /** UTC. */
  createdAt: string;
  make(output: Output): void | Promise<void>;
}

/** A proposal's folder: its name, with `/` (which names may hold) written as `_`. */
export const proposalFolder = (name: string): string => name.replaceAll('/', '_');
