import {
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
} from 'vscode';
import type { FindingGroup, Grouping, GroupOf, PlacedFinding } from '../../scan/groupFindings.ts';
import { escapeMarkdown } from '../escapeMarkdown.ts';
import type { ScanResults } from './scanResults.ts';
import { findingText, groupDescription, groupLabel } from './scanText.ts';

/** Opens a finding; no command of the palette. */
export const openFindingCommand = '_tollgate.openFinding';

/** More groups than this start closed. */
const mostOpenGroups = 3;
const mostOpenFindings = 30;

export type ScanNode = GroupNode | FindingNode;

interface GroupNode {
  readonly kind: 'group';
  readonly group: FindingGroup;
}

/** Has the place that our commands on a model are given, so that they can be called on a node. */
export interface FindingNode {
  readonly kind: 'finding';
  readonly placed: PlacedFinding;
  readonly key: string;
  readonly uri: string;
  readonly offset: number;
}

/** The findings of a scan, in groups. */
export class ScanTree implements TreeDataProvider<ScanNode> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #results: () => ScanResults;
  grouping: Grouping = 'model';

  constructor(results: () => ScanResults) {
    this.#results = results;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  getChildren(node?: ScanNode): ScanNode[] {
    if (node === undefined) return this.#results().groups(this.grouping).map(groupNode);
    if (node.kind === 'finding') return [];
    const { key, findings } = node.group;
    return findings.map((placed, at) => findingNode(placed, `${key} ${at}`));
  }

  getTreeItem(node: ScanNode): TreeItem {
    return node.kind === 'group' ? this.#groupItem(node.group) : this.#findingItem(node);
  }

  #groupItem(group: FindingGroup): TreeItem {
    const results = this.#results();
    const few = results.groups(this.grouping).length <= mostOpenGroups && results.findings <= mostOpenFindings;
    const { Expanded, Collapsed } = TreeItemCollapsibleState;
    const item = new TreeItem(groupLabel(group.of, showPath, l10n.t), few ? Expanded : Collapsed);
    item.id = `${this.grouping} ${group.key}`;
    item.description = groupDescription(group, l10n.t);
    item.contextValue = 'scan.group';
    item.tooltip = `${String(item.label)}\n${item.description}`;
    item.accessibilityInformation = { label: `${String(item.label)}, ${item.description}` };
    if (group.of.kind === 'file') item.resourceUri = Uri.file(group.of.path);
    item.iconPath = groupIcon(group.of);
    return item;
  }

  #findingItem(node: FindingNode): TreeItem {
    const { reported, path } = node.placed;
    const { label, description } = findingText(node.placed, this.grouping, showPath, l10n.t);
    const item = new TreeItem(label, TreeItemCollapsibleState.None);
    const isPrompt = reported.finding.kind === 'prompt';
    item.id = `${this.grouping} ${node.key}`;
    item.description = description;
    item.iconPath = new ThemeIcon(isPrompt ? 'comment' : 'symbol-constant');
    // An alias can be put where the text of a file is, which in a notebook is that of a cell.
    item.contextValue = isPrompt || reported.cell !== undefined ? 'scan.finding' : 'scan.model';
    item.tooltip = new MarkdownString(
      [label, description, showPath(path)].map((line) => escapeMarkdown(line)).join('\n\n'),
    );
    item.accessibilityInformation = { label: `${label}, ${description}` };
    item.command = { command: openFindingCommand, title: l10n.t('Open'), arguments: [node] };
    return item;
  }
}

const showPath = (path: string): string => workspace.asRelativePath(path);

const groupNode = (group: FindingGroup): GroupNode => ({ kind: 'group', group });

function findingNode(placed: PlacedFinding, key: string): FindingNode {
  const uri = Uri.file(placed.path).toString();
  return { kind: 'finding', placed, key, uri, offset: placed.reported.finding.span.start };
}

function groupIcon(of: GroupOf): ThemeIcon {
  switch (of.kind) {
    case 'file':
      return ThemeIcon.File;
    case 'band':
      return new ThemeIcon('credit-card');
    case 'unpriced':
    case 'noModel':
      return new ThemeIcon('question');
    case 'model':
    case 'mentions':
      return new ThemeIcon('chip');
  }
}
