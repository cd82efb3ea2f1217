export * from './catalogue';
export * from './errors';
export * from './file/file-catalogue';
export * from './file/positioned-yaml';
export * from './proposal';
export * from './proposal-key';
export * from './search-proposals';
