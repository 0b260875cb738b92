import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import type { Disk, DiskEntry } from '../../../src/scan/disk.ts';
import { type Exclude, excludeGlobs } from '../../../src/scan/excludeGlobs.ts';
import { walkFiles } from '../../../src/scan/walkFiles.ts';

/** A disk of files by absolute path; a folder named in `locked` refuses to be listed. */
function memoryDisk(files: Readonly<Record<string, string>>, locked: readonly string[] = []): Disk {
  const paths = Object.keys(files);
  return {
    async list(folder) {
      if (locked.includes(folder)) throw new Error('EACCES');
      const names = new Map<string, DiskEntry>();
      for (const path of paths) {
        if (!path.startsWith(`${folder === '/' ? '' : folder}/`)) continue;
        const [name = '', ...below] = path.slice(folder === '/' ? 1 : folder.length + 1).split('/');
        const link = files[path] === '→';
        names.set(name, { name, kind: link ? 'other' : below.length > 0 ? 'folder' : 'file' });
      }
      return [...names.values()];
    },
    async read(file) {
      return new TextEncoder().encode(files[file]);
    },
    async kindOf(path) {
      if (path in files) return 'file';
      return paths.some((other) => other.startsWith(path === '/' ? '/' : `${path}/`)) ? 'folder' : undefined;
    },
  };
}

async function walk(disk: Disk, path: string, excludes?: Exclude): Promise<string[]> {
  const found: string[] = [];
  for await (const file of walkFiles(disk, path, { signal: new AbortController().signal, excludes }))
    found.push(file.kind === 'file' ? file.path : `problem ${file.path}`);
  return found;
}

test('.gitignore files count where they lie and below, inner ones over outer ones', async () => {
  const disk = memoryDisk({
    '/r/.git/HEAD': '',
    '/r/.gitignore': 'build/\n*.gen.py\n/only-top.py\n',
    '/r/a.py': '',
    '/r/only-top.py': '',
    '/r/x.gen.py': '',
    '/r/build/b.py': '',
    '/r/sub/.gitignore': '!keep.gen.py\nlocal.py\n',
    '/r/sub/keep.gen.py': '',
    '/r/sub/other.gen.py': '',
    '/r/sub/local.py': '',
    '/r/sub/only-top.py': '',
    '/r/sub/deep/local.py': '',
    '/r/sub/deep/c.py': '',
  });
  assert.deepEqual(await walk(disk, '/r'), ['/r/a.py', '/r/sub/deep/c.py', '/r/sub/keep.gen.py', '/r/sub/only-top.py']);
});

test('a folder inside a repository is walked by the rules above it', async () => {
  const disk = memoryDisk({
    '/r/.git/HEAD': '',
    '/r/.gitignore': 'src/secret/\n',
    '/r/src/a.py': '',
    '/r/src/secret/b.py': '',
  });
  assert.deepEqual(await walk(disk, '/r/src'), ['/r/src/a.py']);
});

test('folders of tools are left out without being told; dot files are read; links are not followed', async () => {
  const disk = memoryDisk({
    '/r/.env': 'MODEL=gpt-4o',
    '/r/.continue/p.prompt': '',
    '/r/node_modules/x/a.js': '',
    '/r/.venv/lib/a.py': '',
    '/r/pkg/__pycache__/a.py': '',
    '/r/pkg/link.py': '→',
    '/r/pkg/package-lock.json': '{}',
    '/r/pkg/image.png': '',
  });
  assert.deepEqual(await walk(disk, '/r'), ['/r/.continue/p.prompt', '/r/.env']);
});

test('what is named outright is given though it is ignored', async () => {
  const generated = memoryDisk({
    '/r/.git/HEAD': '',
    '/r/.gitignore': 'out\n',
    '/r/out/sub/a.py': '',
    '/r/out/sub/.gitignore': 'b.py',
    '/r/out/sub/b.py': '',
  });
  assert.deepEqual(await walk(generated, '/r/out/sub'), ['/r/out/sub/a.py']);
  const disk = memoryDisk({ '/r/.git/HEAD': '', '/r/.gitignore': '*.py', '/r/a.py': '' });
  assert.deepEqual(await walk(disk, '/r/a.py'), ['/r/a.py']);
});

test('what is not there or cannot be listed is a problem, and the walk goes on', async () => {
  const disk = memoryDisk({ '/r/a/x.py': '', '/r/b/y.py': '' }, ['/r/a']);
  assert.deepEqual(await walk(disk, '/r'), ['problem /r/a', '/r/b/y.py']);
  assert.deepEqual(await walk(disk, '/nowhere'), ['problem /nowhere']);
});

test('an aborted walk ends', async () => {
  const stop = new AbortController();
  const found: string[] = [];
  const disk = memoryDisk({ '/r/a.py': '', '/r/b.py': '', '/r/c.py': '' });
  for await (const file of walkFiles(disk, '/r', { signal: stop.signal })) {
    found.push(posix.basename(file.path));
    stop.abort();
  }
  assert.deepEqual(found, ['a.py']);
});

test('excluded globs leave files and whole folders out, relative to where the walk begins', async () => {
  const disk = memoryDisk({
    '/r/a.py': '',
    '/r/a.test.py': '',
    '/r/dist/b.py': '',
    '/r/sub/a.test.py': '',
    '/r/sub/dist/deep/b.py': '',
    '/r/sub/.hidden/c.py': '',
    '/r/vendor/d.py': '',
    '/r/sub/vendor/e.py': '',
  });
  const kept = (...globs: string[]): Promise<string[]> => walk(disk, '/r', excludeGlobs(globs));
  const all = await kept();
  assert.equal(all.length, 8);
  assert.deepEqual(
    all.filter((path) => !path.includes('dist')),
    await kept('**/dist/**'),
  );
  assert.deepEqual(await kept('**/dist'), await kept('**/dist/**'));
  assert.deepEqual(await kept('**/{dist,.hidden}', '**/*.test.py'), [
    '/r/a.py',
    '/r/sub/vendor/e.py',
    '/r/vendor/d.py',
  ]);
  assert.deepEqual(
    all.filter((path) => !path.startsWith('/r/vendor/')),
    await kept('vendor'),
  );
  assert.deepEqual(await kept('!a.py', '#a.py', ''), all);
  assert.deepEqual(await kept('**'), []);
  assert.deepEqual(await walk(disk, '/r/sub/vendor/e.py', excludeGlobs(['**'])), ['/r/sub/vendor/e.py']);
});

test('a folder that is excluded is not listed', async () => {
  const disk = memoryDisk({ '/r/a.py': '', '/r/data/b.py': '' }, ['/r/data']);
  assert.deepEqual(await walk(disk, '/r', excludeGlobs(['**/data/**'])), ['/r/a.py']);
});

test('what the repository keeps out for one clone alone is left out, and .gitignore has the last word', async () => {
  const disk = memoryDisk({
    '/r/.git/info/exclude': 'mine/\nnotes.py\n',
    '/r/.gitignore': '!notes.py\n',
    '/r/src/mine/a.py': '',
    '/r/src/notes.py': '',
  });
  assert.deepEqual(await walk(disk, '/r'), ['/r/src/notes.py']);
  assert.deepEqual(await walk(disk, '/r/src'), ['/r/src/notes.py']);
});

test('a folder above that cannot be listed is a problem, and the folder itself is walked', async () => {
  const disk = memoryDisk({ '/r/.git/HEAD': '', '/r/sub/a.py': '' }, ['/r']);
  assert.deepEqual(await walk(disk, '/r/sub'), ['problem /r', '/r/sub/a.py']);
});
