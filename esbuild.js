// Bundles the extension, the service, the command line, the token worker and the panel into dist/.
//   node esbuild.js [--production] [--watch] [name…]
const { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join, posix } = require('node:path');
const { promisify } = require('node:util');
const { brotliCompress, constants } = require('node:zlib');
const esbuild = require('esbuild');
const { thirdPartyNotices } = require('./scripts/thirdPartyNotices.cjs');

const args = process.argv.slice(2);
const production = args.includes('--production');
const watch = args.includes('--watch');
const chosen = args.filter((arg) => !arg.startsWith('--'));

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'info',
  metafile: true,
  legalComments: 'none',
  // Escaping what is not ASCII would make the token worker's vocabularies a quarter larger.
  charset: 'utf8',
  loader: { '.sql': 'text' },
};

/**
 * VS Code 1.104, the oldest we run in, brings Node 22. Modules come first, because the CommonJS form of jsonc-parser
 * requires its files in a way that cannot be bundled.
 */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
  // Zod looks for `navigator`; in the extension host that alone is logged as an error of the extension.
  define: { navigator: 'undefined' },
};

const external = (path) => ({ path, external: true });

/**
 * The service's entry and the command line load the service when it has to run, and the same bundle of it.
 * @type {import('esbuild').Plugin}
 */
const coreApart = {
  name: 'core-apart',
  setup: (build) => {
    const filter = /\/(?:service\/startHeadless|runService)\.ts$/;
    build.onResolve({ filter }, () => external('./serviceCore.js'));
  },
};

/**
 * The extension, the command line and the scan's worker find models and prompts by the same bundle: three copies of it
 * would be a tenth of the VSIX.
 * @type {import('esbuild').Plugin}
 */
const detectionApart = {
  name: 'detection-apart',
  setup: (build) => {
    build.onResolve({ filter: /\/detect\// }, () => external('./detection.js'));
  },
};

/** Re-exports each file of the detector that another room imports values from. */
function detectionEntry() {
  const files = globSync('src/**/*.ts', { exclude: (file) => file.startsWith(join('src', 'detect')) });
  const imported = files.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(/^(?:import (?!type )|\} )[^;]*from '(?<path>[./]+\/detect\/[^']+)';$/gm),
    ].map(({ groups }) => posix.join(dirname(file).replaceAll('\\', '/'), groups.path)),
  );
  return [...new Set(imported)]
    .sort()
    .map((file) => `export * from './${file}';`)
    .join('\n');
}

/** Packages that are loaded when they are first needed, each from a bundle of its own. */
const packagesApart = {
  openaiClient: { imported: /^openai$/, contents: "module.exports = require('openai');" },
  anthropicClient: { imported: /^@anthropic-ai\/sdk$/, contents: "module.exports = require('@anthropic-ai/sdk');" },
  redisClient: { imported: /^redis$/, contents: "module.exports = require('redis');" },
  // Bundled with the command line, it would have zod set up only when it is loaded, after the schemas that need it.
  mcpServer: { imported: /\/mcpSdk\.ts$/, contents: "export * from './src/cli/mcpSdk.ts';" },
};

/** @type {import('esbuild').Plugin} */
const packagesLate = {
  name: 'packages-late',
  setup: (build) => {
    for (const [name, { imported: filter }] of Object.entries(packagesApart))
      build.onResolve({ filter }, ({ kind }) => (kind === 'dynamic-import' ? external(`./${name}.js`) : undefined));
  },
};

/**
 * Of undici only its agent: the rest is another `fetch`, caches and sockets of the web, as much code as the service itself.
 * @type {import('esbuild').Plugin}
 */
const undiciAgent = {
  name: 'undici-agent',
  setup: (build) => {
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'undici-agent' }));
    build.onLoad({ filter: /.*/, namespace: 'undici-agent' }, () => ({
      contents: "exports.Agent = require('undici/lib/dispatcher/agent.js');",
      resolveDir: __dirname,
    }));
  },
};

/** Loaded by the token worker's entry, which unpacks it. */
const tokenWorkerCode = 'dist/tokenWorkerCode.js';

/** Modules that are loaded late are loaded by `require`, so that Node's second loader is not started for them. */
const late = { supported: { 'dynamic-import': false } };

/** @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  extension: {
    ...node,
    entryPoints: ['src/extension/main.ts'],
    external: ['vscode'],
    plugins: [detectionApart],
    outfile: 'dist/extension.js',
  },
  detection: { ...node, stdin: { contents: detectionEntry(), resolveDir: __dirname }, outfile: 'dist/detection.js' },
  service: { ...node, ...late, entryPoints: ['src/service/main.ts'], plugins: [coreApart], outfile: 'dist/service.js' },
  serviceCore: {
    ...node,
    ...late,
    entryPoints: ['src/service/serviceCore.ts'],
    plugins: [packagesLate, undiciAgent],
    outfile: 'dist/serviceCore.js',
  },
  cli: {
    ...node,
    ...late,
    entryPoints: ['src/cli/main.ts'],
    plugins: [coreApart, detectionApart, packagesLate],
    outfile: 'dist/cli.js',
  },
  ...Object.fromEntries(
    Object.entries(packagesApart).map(([name, { contents }]) => [
      name,
      { ...node, stdin: { contents, resolveDir: __dirname }, outfile: `dist/${name}.js` },
    ]),
  ),
  scanWorker: {
    ...node,
    entryPoints: ['src/extension/scan/scanWorker.ts'],
    plugins: [detectionApart],
    outfile: 'dist/scanWorker.js',
  },
  tokenWorker: { ...node, entryPoints: ['src/tokens/startWorker.ts'], outfile: 'dist/tokenWorker.js' },
  tokenWorkerCode: { ...node, entryPoints: ['src/tokens/worker.ts'], outfile: tokenWorkerCode, sourcemap: false },
  encoderWorker: {
    ...node,
    entryPoints: ['src/cache/embedders/onnx/encoderWorker.ts'],
    // The runtime looks for itself beside its module; it is handed over instead, so any address will do.
    define: { 'import.meta.url': '"file:///encoderWorker.js"' },
    outfile: 'dist/encoderWorker.js',
  },
  hostTests: {
    ...node,
    minify: false,
    entryPoints: ['test/host/**/*.test.ts'],
    external: ['vscode', 'mocha'],
    outdir: 'dist-test/host',
    logLevel: 'warning',
  },
  panel: {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome138',
    entryPoints: ['src/panel/main.ts'],
    outfile: 'dist/panel.js',
  },
};

const encoderRuntime = join('node_modules', 'onnxruntime-web', 'dist', 'ort-wasm-simd-threaded.wasm');

/** Grammars and their runtime are loaded at run time from dist/grammars, by name, packed: see `grammarFiles.ts`. */
async function packGrammars() {
  const grammars = require('./src/detect/language/grammars.json');
  const files = Object.entries(grammars).map(([name, file]) => [`tree-sitter-${name}.wasm`, file]);
  files.push(['tree-sitter.wasm', '@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm']);
  mkdirSync('dist/grammars', { recursive: true });
  await Promise.all(files.map(([name, file]) => packFile(join('node_modules', file), `dist/grammars/${name}.br`)));
}

/** The ONNX runtime of the sentence encoder, packed likewise; best compression would take a minute to save 0.4 of 2.7 MB. */
async function packEncoderRuntime() {
  await packFile(encoderRuntime, 'dist/ort-wasm-simd-threaded.wasm.br', 9);
}

/** A quarter smaller than a VSIX would make it; best compression would take ten times as long for another tenth. */
async function packTokenWorker() {
  await packFile(tokenWorkerCode, `${tokenWorkerCode}.br`, 9);
  rmSync(tokenWorkerCode);
}

/** Best compression takes a second for a large grammar, so what is packed already and not older is kept. */
async function packFile(from, to, quality = constants.BROTLI_MAX_QUALITY) {
  if (existsSync(to) && statSync(to).mtimeMs >= statSync(from).mtimeMs) return;
  const bytes = readFileSync(from);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(to, await promisify(brotliCompress)(bytes, { params }));
}

/** @param {import('esbuild').BuildResult[]} built with their metafiles */
function writeNotices(built) {
  const bundled = built.flatMap(({ metafile }) =>
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
    ),
  );
  const grammars = Object.values(require('./src/detect/language/grammars.json')).map((file) =>
    join('node_modules', file),
  );
  writeFileSync('dist/THIRD_PARTY_NOTICES.txt', thirdPartyNotices([...bundled, ...grammars, encoderRuntime]));
}

async function main() {
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
  mkdirSync('dist-test', { recursive: true });
  writeFileSync('dist-test/package.json', '{ "type": "commonjs" }\n');
  await packGrammars();
  await packEncoderRuntime();
  const named = chosen.includes('tokenWorker') ? [...chosen, 'tokenWorkerCode'] : chosen;
  const names = named.length > 0 ? named : Object.keys(bundles).filter((name) => name !== 'hostTests');
  for (const name of names)
    if (!(name in bundles)) throw new Error(`no bundle "${name}": ${Object.keys(bundles).join(', ')}`);
  const contexts = await Promise.all(names.map((name) => esbuild.context(bundles[name])));
  try {
    const built = await Promise.all(contexts.map((context) => (watch ? context.watch() : context.rebuild())));
    if (!watch && names.includes('tokenWorkerCode')) await packTokenWorker();
    if (production && chosen.length === 0) writeNotices(built);
  } finally {
    // A context that is left open keeps the process alive, also after one of them failed.
    if (!watch) await Promise.all(contexts.map((context) => context.dispose()));
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
