import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageRefusedError } from './image-refused';
import { refusalCodes } from './refusal-codes';

describe('reasons for a refusal', () => {
  it('are told in the reference, each once and no other', () => {
    const page = readFileSync(join(__dirname, '../../../../../docs/reference/image-files.md'), 'utf8');
    const told = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(told).toEqual([...refusalCodes]);
  });

  it('keep what a foreign file says on one short line', () => {
    const { detail, message } = new ImageRefusedError('BACKING_FILE', `a\u0000b\r\n\u001b[31mc\u202e${'x'.repeat(900)}`);
    expect(detail).toMatch(/^a b \[31mc x+…$/);
    expect(detail.length).toBe(400);
    expect(message).toBe('This image is only the difference to another file. Merge the two first.');
  });
});
