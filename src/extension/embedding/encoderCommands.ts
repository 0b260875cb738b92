import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, l10n, ProgressLocation, type QuickPickItem, window } from 'vscode';
import { EncoderFailed } from '../../cache/embedders/onnx/encoderErrors.ts';
import type { EncoderRecord } from '../../cache/embedders/onnx/encoderFolder.ts';
import { isEncoderName } from '../../cache/embedders/onnx/encoderFolder.ts';
import { type EncoderModel, encoderModels, type Pooling } from '../../cache/embedders/onnx/encoderModels.ts';
import { fetchEncoder, importEncoder, type ProbeEncoder } from '../../cache/embedders/onnx/installEncoder.ts';
import { nodeDownloadDisk } from '../../cache/embedders/onnx/nodeDownloadDisk.ts';
import { createProbe } from '../../cache/embedders/onnx/probeEncoder.ts';
import { spawnEncoder } from '../../cache/embedders/onnx/spawnEncoder.ts';
import { homeFolder } from '../../service/home.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { tellError } from '../tellError.ts';

/** So long without a byte is an interruption. */
const idleMs = 60_000;

/** `Tollgate: Download Embedding Model` and `Import Embedding Model`: into the service's data folder, where it looks for them. */
export function startEncoderCommands(host: Host): Disposable {
  const store = new DisposableStore((error) => host.log.warn('embedding models', describeError(error)));
  const register = (id: string, run: () => Promise<EncoderRecord | undefined>): void => {
    store.add(
      commands.registerCommand(id, async () => {
        try {
          const installed = await run();
          if (installed !== undefined) await tellInstalled(installed);
        } catch (error) {
          if (!EncoderFailed.is(error, 'cancelled')) tellError(error, host.log);
        }
      }),
    );
  };
  register(commandIds.downloadEmbeddingModel, () => download(host));
  register(commandIds.importEmbeddingModel, () => importFolder(host));
  return store;
}

async function download(host: Host): Promise<EncoderRecord | undefined> {
  const model = await pickModel();
  if (model === undefined) return undefined;
  const title = l10n.t('Downloading {0}', model.id);
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort());
      let reported = 0;
      const onProgress = (bytes: number, ofBytes: number): void => {
        const share = (100 * bytes) / ofBytes;
        progress.report({
          increment: share - reported,
          message: l10n.t('{0} of {1}', megabytes(bytes), megabytes(ofBytes)),
        });
        reported = share;
      };
      const wait = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal });
      const deps = { fetch, disk: nodeDownloadDisk, wait, idleMs, probe: probeOf(host) };
      return fetchEncoder(deps, { home: dataFolder(), model, signal: cancel.signal, onProgress });
    },
  );
}

async function pickModel(): Promise<EncoderModel | undefined> {
  const items = encoderModels.map((model) => {
    const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
    const source = URL.parse(model.files[0]?.url ?? '')?.host ?? '';
    return {
      label: model.id,
      description: l10n.t('{0} from {1}, {2}', megabytes(bytes), source, model.licence),
      model,
    };
  });
  const title = l10n.t('Which model compares questions? It runs on this machine; only its files are fetched.');
  return (await window.showQuickPick(items, { title }))?.model;
}

async function importFolder(host: Host): Promise<EncoderRecord | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: l10n.t('The folder with model_quantized.onnx and tokenizer.json'),
      openLabel: l10n.t('Import'),
    })) ?? [];
  if (folder === undefined) return undefined;
  const id = await window.showInputBox({
    title: l10n.t('A name for this model, used as onnx:NAME in tollgate.jsonc'),
    value: basename(folder.fsPath),
    validateInput: (name) =>
      isEncoderName(name)
        ? undefined
        : l10n.t('Write letters, digits, “.”, “_” and “-”, beginning with a letter or digit.'),
  });
  const pooling = id === undefined ? undefined : await pickPooling();
  if (id === undefined || pooling === undefined) return undefined;
  return window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Importing {0}', id) }, () =>
    importEncoder({ home: dataFolder(), folder: folder.fsPath, id, pooling }, probeOf(host)),
  );
}

async function pickPooling(): Promise<Pooling | undefined> {
  const items: (QuickPickItem & { pooling: Pooling })[] = [
    { label: l10n.t('Mean of all tokens'), description: 'MiniLM, E5, GTE', pooling: 'mean' },
    { label: l10n.t('First token'), description: 'BGE, Snowflake Arctic', pooling: 'cls' },
  ];
  const title = l10n.t('How does this model make one vector of a text? Its page says it as “pooling”.');
  return (await window.showQuickPick(items, { title }))?.pooling;
}

async function tellInstalled({ id, source }: EncoderRecord): Promise<void> {
  const open = l10n.t('Open Configuration');
  const setting = `"semantic": { "embedder": "onnx:${id}" }`;
  const text =
    source === 'pinned'
      ? l10n.t(
          '{0} is installed, and its files are the ones Tollgate knows. Use it with {1} under "cache".',
          id,
          setting,
        )
      : l10n.t(
          '{0} is installed. Tollgate does not know its files: their hashes were recorded now and hold from here on. Use it with {1} under "cache".',
          id,
          setting,
        );
  if ((await window.showInformationMessage(text, open)) === open) await commands.executeCommand(commandIds.openConfig);
}

function probeOf({ context }: Host): ProbeEncoder {
  const folder = join(context.extensionPath, 'dist');
  return createProbe(join(folder, 'ort-wasm-simd-threaded.wasm.br'), (start) =>
    spawnEncoder(join(folder, 'encoderWorker.js'), start),
  );
}

function dataFolder(): string {
  return homeFolder(process.env, process.platform);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
