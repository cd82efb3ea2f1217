import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { faultText, loadConfig } from './config';
import { configureApp } from './http/configure-app';
import { OpenApiController } from './http/openapi.controller';

async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const options = { bodyParser: false, bufferLogs: true, abortOnError: false } as const;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), options);
  app.useLogger(app.get(Logger));
  configureApp(app);
  app.enableShutdownHooks([], { useProcessExit: true });
  app.get(OpenApiController).describe(app);
  await app.listen(config.listen.port, config.listen.host);
}

start().catch((error: unknown) => {
  process.stderr.write(`${faultText(error)}\n`);
  process.exit(1);
});
