import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildFailure } from './failure.ts';
import { run, type RunOptions } from './run.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const fallback = 'http://deb.debian.org/debian';

/** Every URI in apt's sources: one-line (`deb [..] URI suite`) and deb822 (`URIs: URI`) files alike. */
function uris(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const oneLine = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)/.exec(line);
    if (oneLine?.[1]) return [oneLine[1]];
    const field = /^URIs:\s*(.*)$/i.exec(line);
    return field?.[1] ? field[1].trim().split(/\s+/) : [];
  });
}

/**
 * The Debian mirror this host uses, and the security archive beside it; other sources of the host are never used.
 * @param apt the host's apt settings folder
 */
export function debianMirror(apt = '/etc/apt'): { archive: string; security: string } {
  const parts = join(apt, 'sources.list.d');
  const files = [
    join(apt, 'sources.list'),
    ...(existsSync(parts)
      ? readdirSync(parts)
          .sort()
          .map((name) => join(parts, name))
      : []),
  ].filter((file) => existsSync(file) && /\.(list|sources)$/.test(file));
  const all = files.flatMap((file) => uris(readFileSync(file, 'utf8'))).map((uri) => uri.replace(/\/+$/, ''));
  const archive = all.find((uri) => /^https?:\/\/\S+\/debian$/.test(uri)) ?? fallback;
  return { archive, security: all.find((uri) => /\/debian-security$/.test(uri)) ?? `${archive}-security` };
}

/** Lines for an apt sources file of one release: main, updates, security. */
export function sourcesOf(release: string): string[] {
  const { archive, security } = debianMirror();
  const options = `[signed-by=${keyring}]`;
  return [
    `deb ${options} ${archive} ${release} main`,
    `deb ${options} ${archive} ${release}-updates main`,
    `deb ${options} ${security} ${release}-security main`,
  ];
}

/** An apt of our own in a private folder: downloads Debian packages, installs nothing, leaves the host's apt alone. */
export class PackageSource {
  private readonly folder: string;
  private readonly release: string;
  private readonly runOptions: RunOptions;
  private readonly options: string[];

  constructor(folder: string, release: string, runOptions: RunOptions) {
    this.folder = folder;
    this.release = release;
    this.runOptions = runOptions;
    const setting = (name: string, value: string): string[] => ['-o', `${name}=${value}`];
    this.options = [
      ...setting('Dir::Etc::sourcelist', join(folder, 'sources.list')),
      ...setting('Dir::Etc::sourceparts', '/dev/null'),
      ...setting('Dir::State', folder),
      ...setting('Dir::State::Lists', join(folder, 'lists')),
      ...setting('Dir::State::status', join(folder, 'status')),
      ...setting('Dir::Cache', join(folder, 'cache')),
      ...setting('APT::Architecture', 'amd64'),
      ...setting('APT::Architectures', 'amd64'),
      ...setting('APT::Sandbox::User', ''),
      ...setting('Acquire::Languages', 'none'),
      ...setting('Acquire::Retries', '3'),
    ];
  }

  async update(): Promise<void> {
    if (!existsSync(keyring)) {
      throw new BuildFailure(`missing: ${keyring}; install with: apt-get install debian-archive-keyring`);
    }
    for (const name of ['lists/partial', 'cache/archives/partial', 'debs']) {
      mkdirSync(join(this.folder, name), { recursive: true });
    }
    writeFileSync(join(this.folder, 'status'), '');
    writeFileSync(join(this.folder, 'sources.list'), `${sourcesOf(this.release).join('\n')}\n`);
    await run(['apt-get', ...this.options, '-qq', 'update'], this.runOptions);
  }

  /** Downloads one package and unpacks it into `into`. */
  async unpack(name: string, into: string): Promise<void> {
    const debs = join(this.folder, 'debs');
    await run(['apt-get', ...this.options, '-qq', 'download', name], { ...this.runOptions, cwd: debs });
    const file = readdirSync(debs).find((entry) => entry.startsWith(`${name}_`));
    if (!file) throw new BuildFailure(`apt-get brought no package ${name}`);
    await run(['dpkg', '-x', join(debs, file), into], this.runOptions);
  }

  /** The package of the kernel that `linux-image-amd64` stands for now, e.g. `linux-image-6.1.0-56-amd64`. */
  async kernelPackage(): Promise<string> {
    const depends = await run(['apt-cache', ...this.options, 'depends', 'linux-image-amd64'], this.runOptions);
    const name = /linux-image-\S+-amd64/.exec(depends.replace('linux-image-amd64', ''))?.[0];
    if (!name) throw new BuildFailure('the Debian mirror names no kernel for linux-image-amd64');
    return name;
  }
}
