import { readFile } from 'node:fs/promises';
import { Disposable as Subscriptions, type TextDocument, type TextDocumentChangeEvent, workspace } from 'vscode';
import { findMapMembers } from '../../advice/findMapMembers.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Config } from '../../config/config.ts';
import type { ModelCall } from '../../detect/calls/modelCall.ts';
import { createDetector } from '../../detect/createDetector.ts';
import type { Detector, Finding, SourceText } from '../../detect/finding.ts';
import type { TextChange } from '../../detect/kept/textEdit.ts';
import { grammarFiles } from '../../detect/syntax/grammarFiles.ts';
import type { Disposable } from '../disposables.ts';
import { KeptDocuments } from './keptDocuments.ts';
import { sourceOf } from './sourceOf.ts';

/** What a document names and says: models, as strings or members of the generated map, and prompts. */
export interface DocumentDetector extends Disposable {
  /** In document order. The same version is looked through once. */
  findings(document: TextDocument, config: Pick<Config, 'aliases'>): Promise<readonly Finding[]>;
  /** Of a text that is in no editor, such as a document with something else in the cursor's place. */
  detect(source: SourceText, config: Pick<Config, 'aliases'>): Promise<readonly Finding[]>;
  /** The calls to models in a document, for advice. */
  calls(document: TextDocument): Promise<readonly ModelCall[]>;
}

interface Known {
  readonly version: number;
  readonly aliases: Config['aliases'];
  readonly findings: Promise<readonly Finding[]>;
}

/** Trees of so many documents are kept. */
const mostKept = 12;

const keyOf = (document: TextDocument): string => document.uri.toString();

function changesOf({ contentChanges }: TextDocumentChangeEvent): TextChange[] {
  return contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
    start: rangeOffset,
    length: rangeLength,
    text,
  }));
}

/** @param pathOf absolute path of a file of the extension */
export function createDocumentDetector(
  pathOf: (file: string) => string,
  catalog: () => Promise<Catalog>,
): DocumentDetector {
  // Of all folders together: a detector keeps grammars, so there is one.
  const names = new Set<string>();
  const known = new WeakMap<TextDocument, Known>();
  const kept = new KeptDocuments(mostKept);
  const subscriptions = Subscriptions.from(
    workspace.onDidChangeTextDocument((event) => kept.edit(keyOf(event.document), changesOf(event))),
    workspace.onDidCloseTextDocument((document) => kept.forget(keyOf(document))),
  );
  let detector: Promise<Detector> | undefined;

  async function makeDetector(): Promise<Detector> {
    return createDetector({
      catalog: await catalog(),
      aliases: () => names,
      ...grammarFiles((file) => readFile(pathOf(`dist/grammars/${file}`))),
    });
  }

  function theDetector(): Promise<Detector> {
    detector ??= makeDetector().catch((error: unknown) => {
      detector = undefined;
      throw error;
    });
    return detector;
  }

  /** What reads a document: with its kept tree, except where it was closed meanwhile and would be kept for nobody. */
  async function readerOf(document: TextDocument | undefined): Promise<Pick<Detector, 'detect' | 'calls'>> {
    const made = await theDetector();
    return document && !document.isClosed ? kept.of(keyOf(document), () => made.track()) : made;
  }

  async function detect(
    source: SourceText,
    aliases: Config['aliases'],
    document?: TextDocument,
  ): Promise<readonly Finding[]> {
    for (const name of Object.keys(aliases)) names.add(name);
    const members = findMapMembers(source, Object.keys(aliases));
    const found = await (await readerOf(document)).detect(source);
    return [...found, ...members].sort((a, b) => a.span.start - b.span.start);
  }

  return {
    findings(document, { aliases }) {
      const { version } = document;
      const before = known.get(document);
      if (before?.version === version && before.aliases === aliases) return before.findings;
      const source = sourceOf(document);
      const findings = source ? detect(source, aliases, document) : Promise.resolve([]);
      known.set(document, { version, aliases, findings });
      // A failure is the caller's to tell; the next one tries again.
      findings.catch(() => known.delete(document));
      return findings;
    },
    detect: (source, { aliases }) => detect(source, aliases),
    async calls(document) {
      const source = sourceOf(document);
      return source ? (await readerOf(document)).calls(source) : [];
    },
    async dispose() {
      subscriptions.dispose();
      kept.dispose();
      (await detector)?.dispose();
    },
  };
}
