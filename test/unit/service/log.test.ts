import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { appendToLogFile, createLog, describeError } from '../../../src/service/log.ts';

describe('the log', () => {
  test('is a JSON object per line, from a level on', () => {
    const lines: string[] = [];
    const log = createLog(
      (line) => lines.push(line),
      () => 0,
      'info',
    );
    log.debug('left out');
    log.info('kept', { port: 1, none: undefined });
    assert.deepEqual(lines, ['{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"kept","port":1}\n']);
  });

  test('rotates, keeps one older file, and is its owner’s alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-log-'));
    try {
      const path = join(folder, 'service.log');
      const append = appendToLogFile({ path, maxBytes: 100, fallback: assert.fail });
      for (let line = 0; line < 9; line++) append(`${'x'.repeat(38)}${line}\n`);
      assert.deepEqual(readdirSync(folder), ['service.log', 'service.log.1']);
      assert.equal(readFileSync(path, 'utf8'), `${'x'.repeat(38)}8\n`);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      appendToLogFile({ path, maxBytes: 100, fallback: assert.fail })('more\n');
      assert.match(readFileSync(path, 'utf8'), /8\nmore\n$/, 'a new process goes on in the same file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('goes elsewhere where the file cannot be written', () => {
    const said: string[] = [];
    appendToLogFile({ path: '/nowhere/at/all/x.log', fallback: (line) => said.push(line) })('{"a":1}\n');
    assert.match(said[0] ?? '', /^\{"a":1\} \(not in the log file: Error ENOENT/);
  });

  test('says where an error came from and nothing of its message', () => {
    const error = Object.assign(new TypeError('sk-canary in a body'), { code: 'ERR_X' });
    assert.match(describeError(error), /^TypeError ERR_X \| at .*log\.test\.ts/);
    assert.doesNotMatch(describeError(error), /canary/);
    assert.equal(describeError('sk-canary'), 'string');
  });
});
