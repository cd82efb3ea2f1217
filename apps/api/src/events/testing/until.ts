/** Looks every 20 ms until it sees something; throws when it waited in vain. */
export async function until<T>(
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  ms = 10_000,
): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${look.toString()}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}
