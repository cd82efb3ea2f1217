import { firstSize } from './first-size';

describe('firstSize', () => {
  it.each([
    ['as asked for', { width: 1440, height: 819, dpi: 96 }, [1440, 819]],
    ['its width a multiple of four', { width: 1075, height: 607, dpi: 96 }, [1072, 607]],
    ['in pixels of a plain screen on a dense one', { width: 2166, height: 1401, dpi: 192 }, [1080, 700]],
  ])('is %s', (_name, request, size) => expect(firstSize(request)).toEqual(size));
});
