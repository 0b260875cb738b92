// Mocha's spec reporter that also leaves its counts in TOLLGATE_TEST_RESULT: the exit code alone is not to be trusted,
// because an extension host that dies of a signal is reported as a success.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class HostReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const result = process.env.TOLLGATE_TEST_RESULT;
    runner.once('end', () => {
      if (result)
        writeFileSync(
          result,
          JSON.stringify({ passes: this.stats.passes, failures: this.stats.failures, pending: this.stats.pending }),
        );
    });
  }
};
