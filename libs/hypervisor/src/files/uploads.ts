/** Files that are being written in one machine, whoever writes them, over whichever connection. */
export class Uploads {
  private readonly missing = new Map<string, number>();
  private readonly leftBehind = new Set<string>();

  /** `partial`: path of the name it is written under. */
  begin(partial: string, size: number): void {
    this.missing.set(partial, size);
  }

  arrived(partial: string, bytes: number): void {
    this.missing.set(partial, Math.max(0, (this.missing.get(partial) ?? 0) - bytes));
  }

  /** `removed`: nothing lies there any more under that name. */
  end(partial: string, removed: boolean): void {
    this.missing.delete(partial);
    if (!removed) this.leftBehind.add(partial);
  }

  isUnderWay(partial: string): boolean {
    return this.missing.has(partial);
  }

  /** Bytes that are still to come. */
  get outstanding(): number {
    return [...this.missing.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Names that could not be removed when their transfer failed, e.g. because the connection was lost: to be tried again. */
  takeLeftBehind(): string[] {
    const paths = [...this.leftBehind];
    this.leftBehind.clear();
    return paths;
  }
}
