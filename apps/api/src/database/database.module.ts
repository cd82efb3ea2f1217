import { Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, DataSourceOptions } from 'typeorm';
import { Config } from '../config';
import { dataSourceOptions } from './data-source-options';
import { migrate } from './migrate';

async function openAndMigrate(options?: DataSourceOptions): Promise<DataSource> {
  if (!options) throw new Error('the data source needs options');
  const dataSource = await new DataSource(options).initialize();
  const ran = await migrate(dataSource);
  if (ran.length > 0) new Logger('Database').log(`ran migrations ${ran.join(', ')}`);
  return dataSource;
}

/** The one connection pool; waits for a database that is still starting (10 tries, 3 s apart), then migrates. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ ...dataSourceOptions(config.database), retryAttempts: 10, retryDelay: 3000 }),
      dataSourceFactory: openAndMigrate,
    }),
  ],
})
export class DatabaseModule {}
