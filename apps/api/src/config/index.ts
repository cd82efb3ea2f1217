export * from './config';
export * from './config.module';
export * from './load-config';
export * from './parse-address';
export * from './secret';
