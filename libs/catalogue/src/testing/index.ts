export * from './catalogue-contract';
export * from './editable-catalogue';
export * from './seed';
export * from './unreachable-catalogue';
