import { dirname, join } from 'node:path';
import { type Config, configFileName } from '../config/config.ts';
import { parseConfigFile } from '../config/parseConfigFile.ts';
import { resolveConfig } from '../config/resolveConfig.ts';
import type { Disk } from '../scan/disk.ts';

export interface FoundConfig {
  /** Undefined where there is no file. */
  readonly path: string | undefined;
  readonly config: Config;
  /** Messages with their place. */
  readonly problems: readonly string[];
}

/** Reads the `tollgate.jsonc` of `folder` or the nearest above it, up to the root of its repository. */
export async function findConfig(disk: Disk, folder: string): Promise<FoundConfig> {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, configFileName);
    if ((await disk.kindOf(path)) === 'file') {
      const text = new TextDecoder().decode(await disk.read(path));
      const parsed = parseConfigFile(text, 'workspace');
      const resolved = resolveConfig([parsed.layer], { trusted: false });
      const messages = [...parsed.problems, ...resolved.problems].filter(({ severity }) => severity === 'error');
      const line = (offset: number): number => text.slice(0, offset).split('\n').length;
      const problems = messages.map(({ message, start }) => `${path}:${line(start)}: ${message}`);
      return { path, config: resolved.config, problems };
    }
    if (dirname(at) === at || (await disk.kindOf(join(at, '.git'))) !== undefined) {
      return { path: undefined, config: resolveConfig([], { trusted: false }).config, problems: [] };
    }
  }
}
