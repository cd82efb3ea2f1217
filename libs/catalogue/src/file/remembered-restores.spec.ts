import { DatasetRecord } from '../proposal';
import { RememberedRestores } from './remembered-restores';

const dataset = (id: string, availability: DatasetRecord['availability']): DatasetRecord => ({
  id,
  name: id,
  createdAt: null,
  sizeBytes: null,
  fileCount: null,
  sample: null,
  technique: null,
  availability,
});
const ADA = { catalogue: 'demo', name: 'ada', groups: [] };
const KEY = 'demo:Lumina:P';

describe('RememberedRestores', () => {
  const tape = dataset('tape', 'archived');
  const all = [tape, dataset('disk', 'online'), dataset('lost', 'unknown')];
  const settled = () => new Promise(setImmediate);

  it('brings a dataset back once, however often it is asked for meanwhile', async () => {
    let arrive: () => void = () => undefined;
    const retrieve = jest.fn(() => new Promise<void>((resolve) => (arrive = resolve)));
    const restores = new RememberedRestores(retrieve);
    const first = restores.request(ADA, KEY, all, ['tape', 'disk']);
    const second = restores.request({ ...ADA, name: 'bo' }, KEY, all, ['tape']);
    expect([first.state, second.state, restores.availability(KEY, tape)]).toEqual(['running', 'running', 'restoring']);
    expect(restores.availability('demo:Lumina:Q', tape)).toBe('archived');
    arrive();
    await settled();
    expect([restores.availability(KEY, tape), restores.status(ADA, KEY, first.id)?.state]).toEqual(['online', 'done']);
    expect(restores.status(ADA, KEY, second.id)).toBeNull();
    expect(restores.request(ADA, KEY, all, ['tape']).state).toBe('done');
    expect(retrieve).toHaveBeenCalledTimes(1);
  });

  it('tells a failure, leaves the dataset in the archive, and tries again when asked again', async () => {
    const retrieve = jest.fn().mockRejectedValueOnce(new Error('no tape')).mockResolvedValueOnce(undefined);
    const restores = new RememberedRestores(retrieve);
    const { id } = restores.request(ADA, KEY, all, ['tape']);
    await settled();
    expect([restores.status(ADA, KEY, id)?.state, restores.availability(KEY, tape)]).toEqual(['failed', 'archived']);
    restores.request(ADA, KEY, all, ['tape']);
    await settled();
    expect(restores.availability(KEY, tape)).toBe('online');
  });

  it('starts nothing where one of several may not be', () => {
    const retrieve = jest.fn(() => Promise.resolve());
    const restores = new RememberedRestores(retrieve);
    expect(() => restores.request(ADA, KEY, all, ['tape', 'lost'])).toThrow('no copy in the archive');
    expect(() => restores.request(ADA, KEY, all, ['tape', 'gone'])).toThrow('not part of this proposal');
    expect(retrieve).not.toHaveBeenCalled();
  });
});
