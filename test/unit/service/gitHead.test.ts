import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { ProxyRequest } from '../../../src/proxy/exchange.ts';
import { createGitHeads, readGitHead, withGitHead } from '../../../src/service/gitHead.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-git-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', folder, ...identity, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
const commit = (): string => {
  git('commit', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD');
};

test('branch and commit, as git itself says, through commits, checkouts and packing', () => {
  git('init', '-b', 'main');
  assert.deepEqual(readGitHead(folder), { branch: 'main' });
  const first = commit();
  assert.deepEqual(readGitHead(folder), { branch: 'main', commit: first });
  git('checkout', '-b', 'feature/a b'.replace(' ', '-'));
  const second = commit();
  assert.deepEqual(readGitHead(folder), { branch: 'feature/a-b', commit: second });
  git('pack-refs', '--all');
  assert.deepEqual(readGitHead(folder), { branch: 'feature/a-b', commit: second });
  git('checkout', '--detach', first);
  assert.deepEqual(readGitHead(folder), { commit: first });
});

test('from a folder inside, and from a worktree elsewhere', () => {
  git('init', '-b', 'main');
  const first = commit();
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  assert.deepEqual(readGitHead(join(folder, 'deep', 'er')), { branch: 'main', commit: first });
  git('worktree', 'add', '-b', 'side', join(folder, 'tree'));
  assert.deepEqual(readGitHead(join(folder, 'tree')), { branch: 'side', commit: first });
});

test('no repository, or what only looks like one, is no branch', () => {
  assert.deepEqual(readGitHead(folder), {});
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/.invalid\n');
  assert.deepEqual(readGitHead(folder), {});
  writeFileSync(join(folder, '.git', 'HEAD'), 'nonsense');
  assert.deepEqual(readGitHead(folder), {});
});

test('looked up again after a second, not for every call', () => {
  git('init', '-b', 'main');
  let now = 0;
  const headOf = createGitHeads(() => now);
  const before = headOf(folder);
  const first = commit();
  now = 999;
  assert.equal(headOf(folder), before);
  now = 1_000;
  assert.deepEqual(headOf(folder), { branch: 'main', commit: first });
});

test('what the client says itself wins', () => {
  const request: ProxyRequest = {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: [['Accept', '*/*']],
    body: new Uint8Array(),
    signal: new AbortController().signal,
    workspaceId: 'w',
    baseUrl: 'http://127.0.0.1:1',
    tokenInHeader: true,
  };
  const head = { branch: 'main', commit: 'abc' };
  assert.deepEqual(withGitHead(request, head).headers, [
    ['Accept', '*/*'],
    ['x-tollgate-branch', 'main'],
    ['x-tollgate-commit', 'abc'],
  ]);
  const own: ProxyRequest = { ...request, headers: [['X-Tollgate-Branch', 'mine']] };
  assert.equal(withGitHead(own, head), own);
  assert.equal(withGitHead(request, {}), request);
});
