export * from './directory-settings';
export * from './distinguished-name';
export * from './filter-template';
