import type { CacheConfig } from '../../config/config.ts';
import type { Embedder } from './embedder.ts';
import { createLexicalEmbedder } from './lexicalEmbedder.ts';

export interface EmbeddersDeps {
  /** Undefined = no such model is installed; that is told where it is looked for. */
  readonly onnx: (model: string) => Embedder | undefined;
  /** Undefined = no such provider, or one that has no embeddings. */
  readonly http: (provider: string, model: string, workspaceId: string) => Embedder | undefined;
}

export interface Embedders {
  /** What `cache.semantic.embedder` names; undefined = it is not ready, and only canonical words match. */
  of(semantic: Pick<CacheConfig['semantic'], 'embedder'>, workspaceId: string): Embedder | undefined;
}

export function createEmbedders({ onnx, http }: EmbeddersDeps): Embedders {
  const lexical = createLexicalEmbedder();
  return {
    of({ embedder }, workspaceId) {
      if (embedder === 'lexical') return lexical;
      if (embedder.startsWith('onnx:')) return onnx(embedder.slice('onnx:'.length));
      const slash = embedder.indexOf('/');
      return slash < 0 ? undefined : http(embedder.slice(0, slash), embedder.slice(slash + 1), workspaceId);
    },
  };
}
