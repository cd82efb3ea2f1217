/** Below this Node's own pool serves as well. */
const SMALLEST_POOLED = 4096;
/** Kept for later: what a few sessions have under way at once, not what all of them once had. */
const MOST_FREE = 16;

/**
 * Memory for the frames on their way to browsers, used again as soon as a frame is written. Fresh memory for each would
 * wait for the garbage collector, which comes late for memory outside its heap: tens of MB, and a third of all
 * processor time.
 */
export class FramePool {
  private readonly free: Buffer[] = [];
  private readonly lent = new WeakMap<ArrayBufferLike, Buffer>();

  /** `pieceBytes` is the length of the frames worth keeping memory for. */
  constructor(private readonly pieceBytes: number) {}

  /** A buffer of this length, to be filled whole. */
  take(bytes: number): Buffer {
    if (bytes < SMALLEST_POOLED || bytes > this.pieceBytes) {
      return Buffer.allocUnsafe(bytes);
    }
    const memory = this.free.pop() ?? Buffer.allocUnsafeSlow(this.pieceBytes);
    this.lent.set(memory.buffer, memory);
    return memory.subarray(0, bytes);
  }

  /**
   * Takes back what `take` gave, or a part of it. Nobody may read it afterwards; a second time counts for nothing.
   * Buffers that are not of this pool, and those never given back, are the garbage collector's.
   */
  give(frame: Buffer): void {
    const memory = this.lent.get(frame.buffer);
    if (memory && this.lent.delete(frame.buffer) && this.free.length < MOST_FREE) {
      this.free.push(memory);
    }
  }
}
