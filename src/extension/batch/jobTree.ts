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
import { itemDescription, itemLabel, jobContext, jobDescription, jobIcon, jobLabel, stateName } from './jobText.ts';

export type JobNode =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'item'; readonly job: Job; readonly item: JobItem }
  /** Something to know about the job. */
  | { readonly kind: 'note'; readonly job: Job; readonly text: string; readonly isProblem: boolean };

/** Jobs, newest first, each with its prompts. */
export class JobTree implements TreeDataProvider<JobNode> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #jobs: () => readonly Job[];
  readonly #now: () => number;
  readonly #more: (job: Job, from: number) => Promise<readonly JobItem[]>;

  /** @param more items of a job from a place on: a job is told with its first ones */
  constructor(
    jobs: () => readonly Job[],
    now: () => number,
    more: (job: Job, from: number) => Promise<readonly JobItem[]> = async () => [],
  ) {
    this.#more = more;
    this.#jobs = jobs;
    this.#now = now;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async getChildren(node?: JobNode): Promise<JobNode[]> {
    if (node === undefined)
      return [...this.#jobs()].sort((a, b) => b.createdAtMs - a.createdAtMs).map((job) => ({ kind: 'job', job }));
    if (node.kind !== 'job') return [];
    const { job } = node;
    return job.items.length < job.totals.items ? this.#withMore(job) : [...notesOf(job), ...nodesOf(job, job.items)];
  }

  getTreeItem(node: JobNode): TreeItem {
    if (node.kind === 'note') return noteItem(node);
    return node.kind === 'job' ? this.#jobItem(node.job) : promptItem(node.job, node.item);
  }

  async #withMore(job: Job): Promise<JobNode[]> {
    const items = [...job.items];
    const more = await this.#more(job, items.length);
    const rest = job.totals.items - items.length - more.length;
    const text = l10n.t('and {0} more', rest);
    return [
      ...notesOf(job),
      ...nodesOf(job, [...items, ...more]),
      ...(rest > 0 ? [{ kind: 'note', job, text, isProblem: false } as const] : []),
    ];
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

function nodesOf(job: Job, items: readonly JobItem[]): JobNode[] {
  return items.map((item) => ({ kind: 'item', job, item }));
}

function notesOf(job: Job): JobNode[] {
  const problem = job.problem === undefined ? [] : [{ kind: 'note', job, text: job.problem, isProblem: true } as const];
  return [...problem, ...(job.notes ?? []).map((text) => ({ kind: 'note', job, text, isProblem: false }) as const)];
}

function noteItem({ text, isProblem }: Extract<JobNode, { kind: 'note' }>): TreeItem {
  const node = new TreeItem(text, TreeItemCollapsibleState.None);
  node.iconPath = isProblem
    ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
    : new ThemeIcon('info');
  node.tooltip = text;
  node.contextValue = 'note';
  return node;
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
  const node = new TreeItem(itemLabel(item), TreeItemCollapsibleState.None);
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
