// Entry of every npm script. Runs on the Node the machine has (18 or later), brings what is missing
// (Node 24 beside the project, the locked dependencies), then runs scripts/<name>.ts with it.
//   node scripts/bootstrap.mjs <name> [arguments…]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';
const wantedMajor = 24;

function fail(message) {
  console.error(`tollgate: ${message}`);
  process.exit(1);
}

function run(command, args, options) {
  const result = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: windows, ...options });
  if (result.status !== 0) {
    fail(
      `"${command} ${args.join(' ')}" failed (${result.error?.message ?? `exit ${result.status}`}). Is the npm registry reachable?`,
    );
  }
}

/** The folder of a Node of the wanted major version or later: this one, or one installed from npm beside the project. */
function nodeFolder() {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return dirname(process.execPath);
  const prefix = join(root, '.vscode-test', 'node');
  const folder = join(prefix, 'node_modules', 'node', 'bin');
  const binary = join(folder, windows ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    console.error(
      `tollgate: Node ${process.versions.node} found, bringing Node ${wantedMajor} into .vscode-test/node …`,
    );
    mkdirSync(prefix, { recursive: true });
    writeFileSync(join(prefix, 'package.json'), '{ "private": true }\n');
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${wantedMajor}`], { cwd: prefix });
    if (!existsSync(binary))
      fail(`the npm package node@${wantedMajor} brought no binary; install Node ${wantedMajor} and run this again`);
  }
  return folder;
}

/** Installs the locked dependencies when they are absent or not those of the present lockfile. */
function installDependencies(env) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.tollgate-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const modules = join(root, 'node_modules');
  if (existsSync(modules) && readdirSync(modules).length > 0)
    console.error('tollgate: package-lock.json changed, installing …');
  else console.error('tollgate: installing dependencies …');
  rmSync(stamp, { force: true });
  // No dependency of ours needs its install script: binaries come as packages of their own. Not `npm ci`: a lockfile
  // written behind a registry mirror may lack the packages of other platforms, and `npm ci` then refuses to start.
  run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env,
  });
  writeFileSync(stamp, lock);
}

const [name, ...rest] = process.argv.slice(2);
const script = join(root, 'scripts', `${name}.ts`);
if (!name || !existsSync(script)) fail(`no script "${name}"`);
const folder = nodeFolder();
const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` };
installDependencies(env);
const child = spawn(join(folder, windows ? 'node.exe' : 'node'), [script, ...rest], {
  cwd: root,
  env,
  stdio: 'inherit',
});
// From a terminal the child gets Ctrl+C twice; it counts once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
