/** "20260301-2026-11-21-143005.png": proposal and local time, in letters that every file system takes. */
export function screenshotName(proposal: string, when: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  const time = `${two(when.getHours())}${two(when.getMinutes())}${two(when.getSeconds())}`;
  const safe = proposal.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '');
  return `${safe || 'desktop'}-${day}-${time}.png`;
}

/** Has the browser save a file as it saves any download. */
export function download(document: Document, content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun, but a browser may still be reading the address.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
