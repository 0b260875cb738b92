import ignore from 'ignore';

/** Folders of tools that hold copies, caches or other people's code, skipped even where no .gitignore says so. */
const alwaysSkipped = new Set(
  `.git .hg .svn .jj node_modules bower_components jspm_packages .venv venv __pycache__ .tox .nox .mypy_cache
   .pytest_cache .ruff_cache .ipynb_checkpoints site-packages .next .nuxt .svelte-kit .turbo .parcel-cache .yarn
   .pnpm-store .gradle .terraform .vscode-test`.split(/\s+/),
);

/** The rules of one folder and those above it. */
export interface IgnoreRules {
  /** Whether an entry of this folder, or below it by relative path with `/`, is left out. */
  ignores(relativePath: string, isFolder: boolean): boolean;
  /** Rules inside a sub-folder. @param own texts in the form of `.gitignore` that lie there, the weaker first */
  below(name: string, own: readonly string[]): IgnoreRules;
}

interface Layer {
  readonly matcher: ReturnType<typeof ignore>;
  /** Path from the layer's folder to the folder asked in, with a final `/`, or empty. */
  readonly prefix: string;
}

function rulesOf(layers: readonly Layer[]): IgnoreRules {
  return {
    ignores(relativePath, isFolder) {
      const name = relativePath.split('/').at(-1) ?? '';
      if (isFolder && alwaysSkipped.has(name)) return true;
      // Git asks from the innermost file outwards: the first that speaks of the path decides.
      for (let index = layers.length - 1; index >= 0; index--) {
        const layer = layers[index];
        const result = layer?.matcher.test(`${layer.prefix}${relativePath}${isFolder ? '/' : ''}`);
        if (result?.ignored) return true;
        if (result?.unignored) return false;
      }
      return false;
    },
    below(name, own) {
      const moved = layers.map(({ matcher, prefix }) => ({ matcher, prefix: `${prefix}${name}/` }));
      return rulesOf([...moved, ...own.map(layerOf)]);
    },
  };
}

const layerOf = (gitignore: string): Layer => ({ matcher: ignore().add(gitignore), prefix: '' });

/** Rules at the top of a scan. @param own texts in the form of `.gitignore` that lie there, the weaker first */
export function createIgnoreRules(own: readonly string[]): IgnoreRules {
  return rulesOf(own.map(layerOf));
}
