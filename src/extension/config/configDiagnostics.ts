import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  type Uri,
  type WorkspaceFolder,
  workspace,
} from 'vscode';
import type { ConfigProblem } from '../../config/config.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { type ConfigStore, configFolder, configUris } from './configStore.ts';
import { positionReader, type TextPosition } from './positionReader.ts';

const idleMs = 300;
export const diagnosticSource = 'Tollgate';

/** Problems of `tollgate.jsonc` and `tollgate.local.jsonc` in the Problems view, as the files are typed in and when they are not open. */
export function startConfigDiagnostics(host: Host, config: ConfigStore): Disposable {
  const collection = languages.createDiagnosticCollection('tollgate');
  const timers = new Map<string, NodeJS.Timeout>();
  /** Files whose grammar the editor has told of when they were last checked. */
  const told = new Map<string, boolean>();

  async function check(folder: WorkspaceFolder): Promise<void> {
    try {
      const files = await config.problems(folder);
      for (const { uri, text, problems } of files) {
        const positionOf = positionReader(text);
        const toldByEditor = isToldByEditor(uri);
        told.set(uri.toString(), toldByEditor);
        const own = toldByEditor ? problems.filter(({ code }) => code !== 'syntax') : problems;
        collection.set(
          uri,
          own.map((problem) => diagnosticOf(problem, positionOf)),
        );
      }
    } catch (error) {
      host.log.error('the configuration could not be checked', describeError(error));
    }
  }
  function checkSoon(folder: WorkspaceFolder, delayMs: number): void {
    const key = folder.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void check(folder), delayMs),
    );
  }
  const checkAll = (): void => {
    for (const folder of workspace.workspaceFolders ?? []) checkSoon(folder, 0);
  };

  checkAll();
  return Disposable.from(
    collection,
    new Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
    config.onDidRead((folder) => folder && checkSoon(folder, 0)),
    workspace.onDidChangeTextDocument(({ document }) => {
      const folder = configFolder(document.uri);
      if (folder) checkSoon(folder, idleMs);
    }),
    languages.onDidChangeDiagnostics(({ uris }) => {
      for (const uri of uris) {
        const folder = configFolder(uri);
        if (folder && isToldByEditor(uri) !== (told.get(uri.toString()) ?? false)) checkSoon(folder, 0);
      }
    }),
    workspace.onDidCloseTextDocument(({ uri }) => {
      // What was typed and not saved is gone.
      const folder = configFolder(uri);
      if (folder) checkSoon(folder, 0);
    }),
    workspace.onDidChangeWorkspaceFolders(({ removed }) => {
      for (const folder of removed) for (const uri of configUris(folder)) collection.delete(uri);
      checkAll();
    }),
  );
}

/**
 * VS Code's own JSON support tells of errors of grammar and of duplicate keys in files that are on screen: one report is
 * enough. It finds nothing else, because our schema only offers.
 */
function isToldByEditor(uri: Uri): boolean {
  return languages.getDiagnostics(uri).some(({ source }) => source === 'jsonc' || source === 'json');
}

function diagnosticOf(problem: ConfigProblem, positionOf: (offset: number) => TextPosition): Diagnostic {
  const start = positionOf(problem.start);
  const end = positionOf(problem.end);
  const severity = problem.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
  const range = new Range(start.line, start.character, end.line, end.character);
  const diagnostic = new Diagnostic(range, problem.message, severity);
  diagnostic.source = diagnosticSource;
  diagnostic.code = problem.code;
  return diagnostic;
}
