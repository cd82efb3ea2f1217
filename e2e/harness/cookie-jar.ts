/** The cookies of one origin. Paths are not looked at: whoever asks here asks one origin for few things. */
export class CookieJar {
  private readonly cookies = new Map<string, string>();

  /** Takes `Set-Cookie` headers as they came; one in the past removes its cookie. */
  take(headers: string[]): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(';');
      const [name = '', ...value] = pair.trim().split('=');
      const expires = attributes.find((one) => /^\s*expires=/i.test(one))?.replace(/^\s*expires=/i, '');
      if (expires !== undefined && Date.parse(expires) < Date.now()) this.cookies.delete(name);
      else this.cookies.set(name, value.join('='));
    }
  }

  /** As a `Cookie` header. */
  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** For a browser's profile. */
  get entries(): { name: string; value: string }[] {
    return [...this.cookies].map(([name, value]) => ({ name, value }));
  }
}
