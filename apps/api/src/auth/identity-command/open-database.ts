import { DataSource } from 'typeorm';
import { ConfigError, parseDatabaseUrl, readSecret, Secret } from '../../config';
import { dataSourceOptions } from '../../database/data-source-options';

/** The portal's database as the environment names it. Does not migrate: that is the api's to do. @throws ConfigError */
export async function openDatabase({
  DATABASE_URL: url,
  DATABASE_PASSWORD_FILE: file,
}: NodeJS.ProcessEnv): Promise<DataSource> {
  if (!url) throw new ConfigError(['DATABASE_URL: is not set']);
  try {
    const password = file ? new Secret(readSecret(file)) : null;
    return await new DataSource(dataSourceOptions({ ...parseDatabaseUrl(url), password })).initialize();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`DATABASE_URL, DATABASE_PASSWORD_FILE: ${said}`]);
  }
}
