import { l10n, ProgressLocation, type TabInputText, type TextDocument, Uri, window, workspace } from 'vscode';
import type { BatchPlan, Job } from '../../batch/job.ts';
import type { ModelCall } from '../../detect/calls/modelCall.ts';
import type { Host } from '../host.ts';
import { serviceErrors } from '../service/errors.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { findInteractive } from './findInteractive.ts';
import { isPromptPath, promptGlob } from './promptFiles.ts';
import { type Review, reviewPlan } from './reviewPlan.ts';

const mostOffered = 500;

export interface BatchParts {
  readonly host: Host;
  readonly service: ServiceAccess;
  readonly callsOf: (document: TextDocument) => Promise<readonly ModelCall[]>;
}

/**
 * Plans, shows the plan, submits.
 * @param chosen files and folders of the explorer's selection; none when run from the palette
 * @returns the ids of the jobs; empty when nothing was submitted
 */
export async function submitBatch(parts: BatchParts, chosen: readonly Uri[]): Promise<readonly string[]> {
  const { host, service } = parts;
  const { client, workspace: registered } = service.connected();
  const uris = chosen.length > 0 ? chosen : await pickFiles();
  if (uris.length === 0) return [];
  const { defaultModel } = host.settings.current();
  const planWith = (keepDuplicates: boolean): Promise<BatchPlan> =>
    client.planBatch({
      workspaceId: registered.workspaceId,
      promptPaths: uris.map(({ fsPath }) => fsPath),
      keepDuplicates,
      ...(defaultModel === '' ? {} : { defaultModel }),
    });
  return reviewAndSubmit(parts, await planning(() => planWith(false)), {
    planAgain: planWith,
    canKeepDuplicates: true,
  });
}

/** Plans what of a job has no answer, shows the plan, submits. */
export async function resubmitJob(parts: BatchParts, job: Pick<Job, 'id'>): Promise<readonly string[]> {
  const { client } = parts.service.connected();
  const plan = (): Promise<BatchPlan> => client.planJobAgain(job.id);
  return reviewAndSubmit(parts, await planning(plan), { planAgain: plan, canKeepDuplicates: false });
}

function planning(plan: () => Promise<BatchPlan>): Thenable<BatchPlan> {
  return window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Planning the batch…') }, plan);
}

async function reviewAndSubmit(
  { host, service, callsOf }: BatchParts,
  plan: BatchPlan,
  again: Pick<Review, 'planAgain' | 'canKeepDuplicates'>,
): Promise<readonly string[]> {
  const { client } = service.connected();
  const paths = plan.jobs.flatMap(({ items }) => items.map(({ promptPath }) => promptPath));
  const interactive = findInteractive(paths, callsOf, host.log);
  const reviewed = await reviewPlan({ host, client, plan, ...again, interactive });
  if (reviewed === undefined) return [];
  const { jobs } = await client.submitBatch(reviewed.id);
  return jobs.map(({ id }) => id);
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
    window.showInformationMessage(
      l10n.t('There are no prompt files here (.md, .txt, .prompt, .prompty, .prompt.yml, .jsonl, promptfoo).'),
    );
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
