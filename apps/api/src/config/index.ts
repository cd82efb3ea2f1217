export * from './config';
export * from './config.module';
export * from './fault-text';
export * from './identity-provider';
export * from './identity-providers-file';
export * from './load-config';
export * from './parse-address';
export * from './secret';
