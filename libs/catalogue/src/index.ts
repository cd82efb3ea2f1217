export * from './catalogue';
export * from './errors';
export * from './proposal';
export * from './proposal-key';
