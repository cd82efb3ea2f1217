import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { Config, ConfigError, loadConfig } from './config';
import { configureApp } from './http/configure-app';
import { OpenApiController } from './http/openapi.controller';

async function start(config: Config): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), { bodyParser: false, bufferLogs: true });
  app.useLogger(app.get(Logger));
  configureApp(app);
  app.enableShutdownHooks();
  app.get(OpenApiController).describe(app);
  await app.listen(config.listen.port, config.listen.host);
}

/** A fault of the settings is told in plain lines, without a stack. */
function giveUp(error: unknown): never {
  process.stderr.write(`${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

try {
  void start(loadConfig(process.env)).catch(giveUp);
} catch (error) {
  giveUp(error);
}
