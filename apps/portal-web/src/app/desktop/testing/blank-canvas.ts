/** jsdom draws nothing: gives canvases a context that takes every stroke and shows none, until the mocks are restored. */
export function blankCanvases(): void {
  const context = new Proxy({}, { get: () => () => undefined, set: () => true });
  jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as CanvasRenderingContext2D);
}
