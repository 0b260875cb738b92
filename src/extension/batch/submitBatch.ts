import { l10n, ProgressLocation, type TabInputText, Uri, window, workspace } from 'vscode';
import type { BatchPlan } from '../../batch/job.ts';
import type { Host } from '../host.ts';
import { serviceErrors } from '../service/errors.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { nothingToSubmit, planText } from './planText.ts';
import { isPromptPath, promptGlob } from './promptFiles.ts';

const mostOffered = 500;

/**
 * Plans, asks, submits.
 * @param chosen files of the explorer's selection; none when run from the palette
 * @returns the ids of the jobs; empty when nothing was submitted
 */
export async function submitBatch(
  host: Host,
  service: ServiceAccess,
  chosen: readonly Uri[],
): Promise<readonly string[]> {
  const { client, workspace: registered } = service.connected();
  const uris = chosen.length > 0 ? chosen : await pickFiles();
  if (uris.length === 0) return [];
  const { defaultModel } = host.settings.current();
  const plan = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Planning the batch…') },
    () =>
      client.planBatch({
        workspaceId: registered.workspaceId,
        promptPaths: uris.map(({ fsPath }) => fsPath),
        ...(defaultModel === '' ? {} : { defaultModel }),
      }),
  );
  if (!(await confirm(plan))) return [];
  const { jobs } = await client.submitBatch(plan.id);
  return jobs.map(({ id }) => id);
}

async function confirm(plan: BatchPlan): Promise<boolean> {
  const shown = (path: string): string => workspace.asRelativePath(path, false);
  if (plan.jobs.length === 0) {
    const { message, detail } = nothingToSubmit(plan, shown, l10n.t);
    await window.showWarningMessage(message, { modal: true, detail });
    return false;
  }
  const submit = l10n.t('Submit');
  const { message, detail } = planText(plan, shown, l10n.t);
  return (await window.showInformationMessage(message, { modal: true, detail }, submit)) === submit;
}

/** Offers the workspace's prompt files; those that are open are chosen already. */
async function pickFiles(): Promise<readonly Uri[]> {
  if (workspace.workspaceFolders === undefined) throw serviceErrors.noFolder();
  const open = new Set(openPromptFiles().map((uri) => uri.toString()));
  const found = await workspace.findFiles(promptGlob, '**/{node_modules,.venv,dist}/**', mostOffered);
  const uris = [
    ...new Map(found.filter(({ path }) => isPromptPath(path)).map((uri) => [uri.toString(), uri])).values(),
  ];
  if (uris.length === 0) {
    window.showInformationMessage(l10n.t('There are no prompt files here (.md, .txt, .prompt, .prompty, .jsonl).'));
    return [];
  }
  const items = uris
    .map((uri) => ({
      label: workspace.asRelativePath(uri, false),
      picked: open.has(uri.toString()),
      uri,
    }))
    .sort((a, b) => Number(b.picked) - Number(a.picked) || a.label.localeCompare(b.label));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Submit as Batch Job'),
    placeHolder: l10n.t('Prompt files to answer at batch price, within 24 hours'),
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map(({ uri }) => uri) ?? [];
}

function openPromptFiles(): Uri[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (isTextInput(input) && isPromptPath(input.uri.path) ? [input.uri] : []));
}

function isTextInput(input: unknown): input is TabInputText {
  return typeof input === 'object' && input !== null && 'uri' in input && input.uri instanceof Uri;
}
