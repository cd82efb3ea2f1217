import { TestBed } from '@angular/core/testing';
import { DesktopChunks, LOAD_DESKTOP_CHUNKS } from './desktop-chunks';

describe('DesktopChunks', () => {
  it('loads once, and again after a failure', async () => {
    const load = jest.fn<Promise<unknown>, []>().mockRejectedValueOnce(new TypeError('Failed to fetch'));
    load.mockResolvedValue(undefined);
    TestBed.configureTestingModule({ providers: [{ provide: LOAD_DESKTOP_CHUNKS, useValue: load }] });
    const chunks = TestBed.inject(DesktopChunks);
    chunks.prefetch();
    chunks.prefetch();
    expect(load).toHaveBeenCalledTimes(1);
    await Promise.resolve();
    await Promise.resolve();
    chunks.prefetch();
    chunks.prefetch();
    expect(load).toHaveBeenCalledTimes(2);
  });
});
