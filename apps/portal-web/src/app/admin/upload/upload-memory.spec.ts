import { UploadMemory } from './upload-memory';

const upload = (name: string, creationTime: string, uploadUrl: string | null = `/api/uploads/${name}`) => ({
  ...{ size: 12, metadata: { filename: name }, creationTime, uploadUrl, parallelUploadUrls: null, urlStorageKey: '' },
});

describe('UploadMemory', () => {
  let memory: UploadMemory;

  beforeEach(() => {
    sessionStorage.clear();
    sessionStorage.setItem('other', '{"uploadUrl":"/x","creationTime":"2026"}');
    memory = new UploadMemory(sessionStorage);
  });

  it('remembers what was begun, in the order of beginning, and forgets one', async () => {
    await memory.addUpload('p/b', upload('b.qcow2', '2026-11-21'));
    await memory.addUpload('p/a', upload('a.qcow2', '2026-11-20'));
    expect(memory.begun()).toEqual([
      { fingerprint: 'p/a', id: 'a.qcow2', name: 'a.qcow2', size: 12 },
      { fingerprint: 'p/b', id: 'b.qcow2', name: 'b.qcow2', size: 12 },
    ]);
    memory.forget('p/a');
    expect(memory.begun().map(({ name }) => name)).toEqual(['b.qcow2']);
  });

  it('finds an upload by its file, and only that', async () => {
    const key = await memory.addUpload('p/a', upload('a.qcow2', '2026-11-20'));
    expect(await memory.findUploadsByFingerprint('p/a')).toEqual([
      expect.objectContaining({ uploadUrl: '/api/uploads/a.qcow2', urlStorageKey: key }),
    ]);
    expect(await memory.findUploadsByFingerprint('q/a')).toEqual([]);
    await memory.removeUpload(key);
    expect(await memory.findAllUploads()).toEqual([]);
    expect(sessionStorage.getItem('other')).not.toBeNull();
  });

  it('takes nothing that is broken or has no address', async () => {
    sessionStorage.setItem('beamdesk.upload.x', 'no json');
    await memory.addUpload('p/a', upload('a.qcow2', '2026-11-20', null));
    expect(await memory.findAllUploads()).toEqual([]);
  });

  it('goes on where the browser keeps nothing', async () => {
    const full = { setItem: () => { throw new DOMException('full', 'QuotaExceededError'); }, length: 0 };
    const other = new UploadMemory(full as unknown as Storage);
    expect(await other.addUpload('p/a', upload('a', '2026'))).toBe('beamdesk.upload.p/a');
  });
});
