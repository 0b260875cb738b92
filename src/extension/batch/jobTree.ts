import { basename } from 'node:path';
import {
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
} from 'vscode';
import type { Job, JobItem } from '../../batch/job.ts';
import { escapeMarkdown } from '../escapeMarkdown.ts';
import { itemDescription, jobContext, jobDescription, jobIcon, jobLabel, stateName } from './jobText.ts';

export type JobNode =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'item'; readonly job: Job; readonly item: JobItem };

/** Jobs, newest first, each with its prompts. */
export class JobTree implements TreeDataProvider<JobNode> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #jobs: () => readonly Job[];
  readonly #now: () => number;

  constructor(jobs: () => readonly Job[], now: () => number) {
    this.#jobs = jobs;
    this.#now = now;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  getChildren(node?: JobNode): JobNode[] {
    if (node === undefined)
      return [...this.#jobs()].sort((a, b) => b.createdAtMs - a.createdAtMs).map((job) => ({ kind: 'job', job }));
    return node.kind === 'job' ? node.job.items.map((item) => ({ kind: 'item', job: node.job, item })) : [];
  }

  getTreeItem(node: JobNode): TreeItem {
    return node.kind === 'job' ? this.#jobItem(node.job) : promptItem(node.job, node.item);
  }

  #jobItem(job: Job): TreeItem {
    const item = new TreeItem(jobLabel(job), TreeItemCollapsibleState.Collapsed);
    const { icon, color } = jobIcon(job);
    item.id = job.id;
    item.description = jobDescription(job, this.#now(), l10n.t);
    item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
    item.contextValue = jobContext(job);
    item.tooltip = jobTooltip(job, String(item.description));
    item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
    return item;
  }
}

function jobTooltip(job: Job, description: string): MarkdownString {
  const lines = [
    `**${escapeMarkdown(`${job.provider}/${job.model}`)}**`,
    escapeMarkdown(description),
    escapeMarkdown(l10n.t('State: {0}', stateName(job.state, l10n.t))),
    ...(job.providerBatchId === undefined ? [] : [escapeMarkdown(l10n.t('Provider’s id: {0}', job.providerBatchId))]),
    ...(job.problem === undefined ? [] : [escapeMarkdown(job.problem)]),
  ];
  return new MarkdownString(lines.join('\n\n'));
}

function promptItem(job: Job, item: JobItem): TreeItem {
  const answered = item.state === 'succeeded' && job.collected;
  const uri = Uri.file(answered ? item.resultPath : item.promptPath);
  const node = new TreeItem(basename(item.promptPath), TreeItemCollapsibleState.None);
  node.id = `${job.id}/${item.id}`;
  node.description = itemDescription(item, l10n.t);
  node.iconPath = itemIcon(item);
  node.contextValue = answered ? 'item.answered' : 'item';
  const open = answered ? l10n.t('Open the answer') : l10n.t('Open the prompt');
  node.tooltip = `${workspace.asRelativePath(item.promptPath, false)}\n${node.description}\n${open}`;
  node.command = { command: 'vscode.open', title: open, arguments: [uri] };
  return node;
}

function itemIcon({ state }: JobItem): ThemeIcon {
  switch (state) {
    case 'pending':
      return new ThemeIcon('clock');
    case 'succeeded':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
    case 'failed':
    case 'missing':
      return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
    case 'cancelled':
      return new ThemeIcon('circle-slash');
    case 'expired':
      return new ThemeIcon('history', new ThemeColor('list.warningForeground'));
  }
}
