import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts a byte stream into lines without their line end. A line over `limit` characters is dropped whole, and `overlong` called once for
 * it: whoever sends must not be able to make us hold more.
 */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private dropping = false;

  constructor(
    private readonly limit: number,
    private readonly line: (line: string) => void,
    private readonly overlong: () => void = () => undefined,
  ) {}

  push(bytes: Buffer): void {
    this.rest += this.decoder.write(bytes);
    for (let end = this.rest.indexOf('\n'); end >= 0; end = this.rest.indexOf('\n')) {
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + 1);
      if (this.dropping) this.dropping = false;
      else if (line.length > this.limit) this.overlong();
      else this.line(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    if (this.rest.length > this.limit) {
      if (!this.dropping) this.overlong();
      this.dropping = true;
      this.rest = '';
    }
  }
}
