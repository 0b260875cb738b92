import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { onPath, toolsFolder } from './steps.ts';

/** How to start a Redis with vector sets. */
export interface RedisProgram {
  readonly command: string;
  /** Before the server's own arguments. */
  readonly args: readonly string[];
  /** In a container: `args` for a port of this machine; the server's own port stays 6379. */
  readonly container: boolean;
}

const folder = join(toolsFolder, 'redis-8');
const loader = join(folder, 'root', 'usr', 'lib64', 'ld-linux-x86-64.so.2');
const libraries = join(folder, 'root', 'usr', 'lib', 'x86_64-linux-gnu');
const unpacked: RedisProgram = {
  command: loader,
  args: ['--library-path', libraries, join(folder, 'root', 'usr', 'bin', 'redis-server')],
  container: false,
};

/** redis-server and the libraries that it is linked with: run beside another Debian, they must come from the same one. */
const packages =
  'redis-server redis-tools libc6 libssl3t64 libjemalloc2 liblzf1 libstdc++6 libgcc-s1 libatomic1 libsystemd0 libcap2 libzstd1 zlib1g';

/**
 * A Redis 8 for tests: one on the PATH, else that of Debian 13 unpacked into `.vscode-test/` (once; some seconds, 34 MB, no
 * root, nothing of the host changes), else a container.
 * @returns the program, or in one line why there is none
 */
export function ensureRedis(): RedisProgram | string {
  const installed = onPath('redis-server');
  if (installed !== undefined && majorVersion(installed, []) >= 8)
    return { command: installed, args: [], container: false };
  if (existsSync(join(folder, 'complete'))) return unpacked;
  const reason = unpackFromDebian();
  if (reason === undefined) return unpacked;
  if (hasDocker()) return { command: 'docker', args: ['run', '--rm', '-i', 'redis:8'], container: true };
  return `no Redis 8: none on the PATH, ${reason}, and no Docker`;
}

function majorVersion(command: string, args: readonly string[]): number {
  const { stdout } = spawnSync(command, [...args, '--version'], { encoding: 'utf8' });
  return Number(/v=(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}

function hasDocker(): boolean {
  return (
    onPath('docker') !== undefined && spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0
  );
}

/** Returns why it did not work. Tests run beside each other, so each unpacks in a folder of its own; the first one counts. Packages are checked by apt against the keys of Debian's archive. */
function unpackFromDebian(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Debian’s is unpacked on Linux x64 only';
  if (!onPath('apt-get') || !onPath('dpkg-deb')) return 'no apt-get and dpkg-deb to unpack Debian’s';
  const mirror = debianMirror();
  if (mirror === undefined) return 'no Debian mirror is configured';
  console.error('tollgate: bringing Redis 8 (Debian 13) into .vscode-test …');
  const own = `${folder}-${process.pid}`;
  const apt = join(own, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial', 'etc'])
    mkdirSync(join(apt, part), { recursive: true });
  writeFileSync(join(apt, 'status'), '');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const source = ['Types: deb', `URIs: ${mirror}`, 'Suites: trixie', 'Components: main', `Signed-By: ${keyring}`];
  writeFileSync(join(apt, 'etc', 'trixie.sources'), `${source.join('\n')}\n`);
  const update = aptGet(apt, ['update'], apt);
  if (update !== undefined) return `Debian’s package lists could not be had (${update})`;
  const archives = join(apt, 'cache', 'archives');
  const download = aptGet(apt, ['download', ...packages.split(' ')], archives);
  if (download !== undefined) return `Debian’s packages could not be had (${download})`;
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const { status } = spawnSync('dpkg-deb', ['-x', join(archives, file), join(own, 'root')]);
    if (status !== 0) return `${file} could not be unpacked`;
  }
  rmSync(apt, { recursive: true, force: true });
  writeFileSync(join(own, 'complete'), `${new Date().toISOString()}\n`);
  takePlace(own);
  return majorVersion(unpacked.command, unpacked.args) < 8 ? 'Debian’s does not run here' : undefined;
}

/** Another test may have been first, or one was killed half way. */
function takePlace(own: string): void {
  if (!existsSync(join(folder, 'complete'))) rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(own, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'complete'))) throw error;
    rmSync(own, { recursive: true, force: true });
  }
}

/** With a state of its own, so that the host's is neither read nor changed. Returns the last line of trouble. */
function aptGet(apt: string, args: readonly string[], cwd: string): string | undefined {
  const options = {
    'Dir::State::Lists': join(apt, 'lists'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(apt, 'etc'),
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': userInfo().username,
  };
  const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const { status, stderr } = spawnSync('apt-get', ['-qq', ...given, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return status === 0 ? undefined : (stderr.trim().split('\n').at(-1) ?? `apt-get ended with ${status}`);
}

function debianMirror(): string | undefined {
  const given = process.env.DEBIAN_MIRROR;
  if (given) return given;
  const sources = [
    ['/etc/apt/sources.list.d/debian.sources', /^URIs:\s*(\S+)/m],
    ['/etc/apt/sources.list', /^deb\s+(?:\[[^\]]*\]\s+)?(https?:\S+)/m],
  ] as const;
  for (const [path, pattern] of sources) {
    const found = existsSync(path) ? pattern.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
