/** A TCP address. */
export interface Address {
  host: string;
  port: number;
}

export type Backend = 'api' | 'bridge' | 'identities';

/** Every setting of the front, read once at start. */
export interface FrontSettings {
  /** Where it listens; an IPv6 address that this machine has not got is left out. */
  listen: Address[];
  /** Origin that browsers see; decides which Host is answered. */
  publicUrl: URL;
  /** Built portal: index.html and what it loads. */
  staticDir: string;
  backends: Record<Backend, Address>;
}

/** @throws RangeError that names the first setting that is missing or wrong */
export function readFrontSettings(env: NodeJS.ProcessEnv): FrontSettings {
  const need = (name: string) => {
    const value = env[name];
    if (!value) throw new RangeError(`${name} is not set`);
    return value;
  };
  const address = (name: string, text: string) => {
    const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
    const host = match?.[1] ?? match?.[2];
    if (!host || Number(match?.[3]) > 65_535) throw new RangeError(`${name} must be HOST:PORT, not ${text}`);
    return { host, port: Number(match?.[3]) };
  };
  const url = need('PUBLIC_URL');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new RangeError('PUBLIC_URL must be an http or https URL');
  return {
    listen: need('FRONT_LISTEN').split(',').map((text) => address('FRONT_LISTEN', text)),
    publicUrl: new URL(url),
    staticDir: need('STATIC_DIR'),
    backends: {
      api: address('API', need('API')),
      bridge: address('BRIDGE', need('BRIDGE')),
      identities: address('IDENTITIES', need('IDENTITIES')),
    },
  };
}
