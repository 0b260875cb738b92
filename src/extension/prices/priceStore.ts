import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Disposable, type Event, EventEmitter, RelativePattern, Uri, workspace } from 'vscode';
import {
  type AppliedPrices,
  appliedPricesText,
  pricesInForce,
  readAppliedPrices,
} from '../../catalog/appliedPrices.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { loadCatalog } from '../../catalog/loadCatalog.ts';
import { homeAt, homeFolder } from '../../service/home.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';

/** The price data in force: shipped, or taken over by the user. The service reads the same file. */
export interface PriceStore extends Disposable {
  data(): Promise<unknown>;
  /** Without the prices of a configuration. */
  catalog(): Promise<Catalog>;
  applied(): Promise<AppliedPrices | undefined>;
  /** Puts other prices in force, for every window and for the service. */
  apply(prices: AppliedPrices): Promise<void>;
  readonly onDidChange: Event<void>;
}

/** Reads nothing before it is asked for. */
export function createPriceStore(host: Host): PriceStore {
  const { pricesPath } = homeAt(homeFolder(process.env, process.platform));
  const changed = new EventEmitter<void>();
  let data: Promise<unknown> | undefined;
  let catalog: Promise<Catalog> | undefined;
  const forget = (): void => {
    data = undefined;
    catalog = undefined;
    changed.fire();
  };
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(dirname(pricesPath)), 'prices.json'));
  const subscriptions = Disposable.from(
    changed,
    watcher,
    watcher.onDidChange(forget),
    watcher.onDidCreate(forget),
    watcher.onDidDelete(forget),
  );

  async function applied(): Promise<AppliedPrices | undefined> {
    try {
      return readAppliedPrices(await readFile(pricesPath, 'utf8'));
    } catch (error) {
      if (!isMissing(error)) host.log.warn('applied prices are not readable', describeError(error));
      return undefined;
    }
  }
  async function read(): Promise<unknown> {
    const shipped: unknown = JSON.parse(await readFile(host.context.asAbsolutePath('media/prices.json'), 'utf8'));
    return pricesInForce(await applied(), shipped);
  }
  const dataNow = (): Promise<unknown> => {
    data ??= read();
    return data;
  };

  return {
    data: dataNow,
    catalog: () => {
      catalog ??= dataNow().then((prices) => loadCatalog(prices, { nowMs: Date.now() }));
      return catalog;
    },
    applied,
    async apply(prices) {
      await mkdir(dirname(pricesPath), { recursive: true, mode: 0o700 });
      const temporary = `${pricesPath}.${process.pid}.tmp`;
      await writeFile(temporary, appliedPricesText(prices), { mode: 0o600 });
      await rename(temporary, pricesPath);
      forget();
    },
    onDidChange: changed.event,
    dispose: () => subscriptions.dispose(),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
