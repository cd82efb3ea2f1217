import { DynamicModule, Module } from '@nestjs/common';
import { Config } from './config';

/** Gives the parsed settings to everybody under the token `Config`. */
@Module({})
export class ConfigModule {
  static with(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Config, useValue: config }],
      exports: [Config],
    };
  }
}
