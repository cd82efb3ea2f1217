/** `npm run bench:quota`: see HELP in quota/options.ts. Runs the api from its sources, decorators and all. */
const { join } = require('node:path');

process.env.TS_NODE_PROJECT = join(__dirname, '../../../tsconfig.base.json');
require('@swc-node/register');
require('./quota/bench.ts');
