import { rmSync } from 'node:fs';
import * as h5wasm from 'h5wasm/node';

export type Numbers = Uint16Array | Uint32Array | Int32Array | Float64Array;

/** What a HDF5 file holds: a group is an object, a dataset an array with its shape. `@name` is an attribute. */
export interface Tree {
  [name: string]: Tree | Values | string | number | string[];
}

export class Values {
  readonly data: Numbers;
  readonly shape: number[];
  readonly units: string | undefined;

  constructor(data: Numbers, shape: number[], units?: string) {
    this.data = data;
    this.shape = shape;
    this.units = units;
  }
}

function fill(group: h5wasm.Group, tree: Tree): void {
  for (const [name, value] of Object.entries(tree)) {
    if (name.startsWith('@')) {
      if (typeof value === 'string' || typeof value === 'number' || Array.isArray(value)) {
        group.create_attribute(name.slice(1), value);
      }
    } else if (value instanceof Values) {
      const dataset = group.create_dataset({ name, data: value.data, shape: value.shape });
      if (value.units !== undefined) dataset.create_attribute('units', value.units);
    } else if (typeof value === 'string' || typeof value === 'number') {
      group.create_dataset({ name, data: value });
    } else if (!Array.isArray(value)) {
      fill(group.create_group(name), value);
    }
  }
}

/** Writes a HDF5 file, in place of one that is there. */
export async function writeHdf5(path: string, tree: Tree): Promise<void> {
  await h5wasm.ready;
  rmSync(path, { force: true });
  const file = new h5wasm.File(path, 'w');
  try {
    fill(file, tree);
  } finally {
    file.close();
  }
}
