// Host tests run inside the extension host of: the VS Code that VSCODE_EXECUTABLE names (a desktop `code`, or
// test/support/vscodeShim.ts, which `npm test` uses), else one that @vscode/test-cli downloads.
import { defineConfig } from '@vscode/test-cli';

const fromPath = process.env.VSCODE_EXECUTABLE;

export default defineConfig({
  // Activation first: it must see an extension host that has analysed nothing yet.
  files: ['dist-test/host/activation.test.js', 'dist-test/host/**/*.test.js'],
  workspaceFolder: process.env.TOLLGATE_TEST_WORKSPACE ?? 'test/fixtures/workspace',
  mocha: {
    ui: 'tdd',
    timeout: 30_000,
    grep: process.env.TOLLGATE_TEST_GREP || undefined,
    reporter: new URL('test/support/hostReporter.cjs', import.meta.url).pathname,
  },
  ...(fromPath ? { useInstallation: { fromPath } } : {}),
});
