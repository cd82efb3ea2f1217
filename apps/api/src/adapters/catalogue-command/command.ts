import { YamlInvalid } from '@beamdesk/catalogue';
import { loadSite } from '../../site/load-site';
import { readCredentials } from '../catalogues/catalogues-faults';
import { loadCatalogues } from '../catalogues/load-catalogues';
import { DEFAULT_PLUGIN, openCatalogue } from '../catalogues/open-catalogue';
import { checkOne } from './check-one';
import { type CheckOptions, HELP, readOptions, UsageError } from './options';

/**
 * `npm run catalogue`: see HELP.
 * @returns the exit code
 */
export async function catalogueCommand(
  argv: string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  print: (line: string) => void,
): Promise<number> {
  try {
    const options = readOptions(argv, env, cwd);
    if (options) return await check(options, print);
    print(HELP);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) print(`${error.message}\n\n${HELP}`);
    else if (error instanceof YamlInvalid || isSystemFault(error)) print(error.message);
    else throw error;
    return 2;
  }
}

async function check(options: CheckOptions, print: (line: string) => void): Promise<number> {
  const { file, siteFile, only, loginFile } = options;
  // Its data folder does not matter here.
  const { beamlines } = await loadSite(siteFile, '/nowhere');
  const entries = await loadCatalogues(file, { beamlines });
  const chosen = entries.filter(({ id }) => only === null || id === only);
  if (chosen.length === 0) throw new UsageError(`${file} names no catalogue '${only}'`);
  let well = true;
  for (const entry of chosen) {
    const loginOf = async () =>
      loginFile === null || entry.kind !== 'icat'
        ? null
        : {
            plugin: entry.plugin ?? DEFAULT_PLUGIN,
            credentials: Object.entries(readCredentials(loginFile)).map(([k, v]) => ({ [k]: v })),
          };
    const catalogue = await openCatalogue(entry, { file, beamlines, loginOf });
    try {
      well = (await checkOne(catalogue, entry, options, print)) && well;
    } finally {
      await catalogue.close();
    }
  }
  return well ? 0 : 1;
}

/** Asked by its shape: what the system throws may be of another realm. */
function isSystemFault(error: unknown): error is Error {
  return typeof (error as { code?: unknown } | null)?.code === 'string';
}
