import { DataSourceOptions } from 'typeorm';
import { DatabaseSettings } from '../config';
import { ENTITIES } from './entities';
import { MIGRATIONS } from './migrations';
import { SnakeNaming } from './snake-naming';

/** One description of the database for the running api, the migration runner, the drift check and the tests. */
export function dataSourceOptions(settings: DatabaseSettings): DataSourceOptions {
  return {
    type: 'postgres',
    host: settings.host,
    port: settings.port,
    username: settings.user,
    database: settings.database,
    ...(settings.password ? { password: settings.password.reveal() } : {}),
    ssl: settings.ssl,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    migrationsRun: false,
    // gen_random_uuid() is built in; CREATE EXTENSION would need a superuser.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    applicationName: 'beamdesk-api',
    poolSize: 20,
    connectTimeoutMS: 5000,
  };
}
