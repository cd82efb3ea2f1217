const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Jest reporter of `npm test`: leaves the counts and the names of what failed in COUNTS_DIR, one file per run, so that runs of
 * many projects can be added up.
 */
module.exports = class CountsReporter {
  constructor(globalConfig) {
    this.name = globalConfig.rootDir.split('/').slice(-2).join('-');
  }

  onRunComplete(_contexts, results) {
    const folder = process.env.COUNTS_DIR;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    const failures = results.testResults.flatMap((file) => {
      const names = file.testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
      const path = file.testFilePath.replace(`${process.env.CHECKOUT_DIR}/`, '');
      // A file that could not even be loaded fails without a test of its own.
      return names.length > 0 || !file.failureMessage ? names.map((name) => `${path}: ${name}`) : [`${path}: could not run`];
    });
    const { numPassedTests: passed, numPendingTests: skipped } = results;
    writeFileSync(join(folder, `${this.name}.json`), JSON.stringify({ passed, skipped, failures }));
  }
};
