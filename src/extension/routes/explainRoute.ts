import { commands, l10n, type TextEditor, window, workspace } from 'vscode';
import { explainRoute, type RouteExplanation } from '../../routing/explainRoute.ts';
import type { GuardReport } from '../../routing/tierReport.ts';
import type { ConfigStore } from '../config/configStore.ts';
import { commandIds } from '../contributions.ts';
import type { Disposable } from '../disposables.ts';
import type { Host } from '../host.ts';
import { tellError } from '../tellError.ts';

/** English text has about this many characters per token: enough to tell a long prompt from a short one. */
const charactersPerToken = 4;

/** `Tollgate: Explain Route`: which model the selected text would get as a prompt, and why. Nothing is sent. */
export function startExplainRoute(host: Host, config: ConfigStore, guards: () => readonly GuardReport[]): Disposable {
  return commands.registerCommand(commandIds.explainRoute, async () => {
    try {
      const editor = window.activeTextEditor;
      const text = editor?.document.getText(editor.selection) ?? '';
      if (editor === undefined || text.trim() === '') {
        window.showInformationMessage(l10n.t('Select the text of a prompt first.'));
        return;
      }
      await explain(editor, text, config, guards());
    } catch (error) {
      tellError(error, host.log);
    }
  });
}

async function explain(
  { document, selection }: TextEditor,
  text: string,
  store: ConfigStore,
  guards: readonly GuardReport[],
): Promise<void> {
  const config = await store.configFor(document.uri);
  if (config.routes.length === 0 && config.tiers.length === 0) {
    window.showInformationMessage(l10n.t('tollgate.jsonc has neither routes nor tiers, so nothing is routed.'));
    return;
  }
  const task = await askTask(config.routes.flatMap(({ match }) => textsOf(match.task)));
  if (task === undefined) return;
  const promptTokens = Math.ceil(text.length / charactersPerToken);
  const explained = explainRoute({
    config,
    instructions: { opening: text, last: text, count: 1, messages: 1 },
    promptTokens,
    facts: {
      task: task === '' ? undefined : task,
      feature: undefined,
      callSite: `${workspace.asRelativePath(document.uri, false)}:${selection.start.line + 1}`,
      tools: false,
      images: false,
      structuredOutput: false,
      inputTokens: promptTokens,
    },
    guards,
  });
  await show(explained);
}

/** Undefined where the user has turned away; empty for none. Not asked where no route is about tasks. */
async function askTask(tasks: readonly string[]): Promise<string | undefined> {
  if (tasks.length === 0) return '';
  const none = l10n.t('No task');
  const picked = await window.showQuickPick([none, ...new Set(tasks)], {
    title: l10n.t('The task that the call names (x-tollgate-task)'),
  });
  return picked === none ? '' : picked;
}

function textsOf(wanted: unknown): readonly string[] {
  return [wanted].flat().filter((one) => typeof one === 'string');
}

/** A list to be read: choosing an entry only closes it. */
async function show({ routes, level, asks, decision, alias, targets }: RouteExplanation): Promise<void> {
  const title =
    alias === undefined
      ? l10n.t('This prompt would be refused: no route fits it')
      : l10n.t('This prompt would go to {0}: {1}', alias, targets.join(', '));
  const taken = routes.findIndex(({ unmet }) => unmet === undefined);
  const lines = routes.map(({ name, use, unmet }, index) => ({
    label: `${index === taken ? '$(arrow-right)' : '$(dash)'} ${name} → ${use}`,
    description: describeRoute(unmet, index, taken),
  }));
  const judged =
    level === undefined
      ? []
      : [
          {
            label: l10n.t('$(arrow-right) By its words: {0}', level.level),
            description: l10n.t('score {0}: {1}', level.score, level.because.join(', ')),
          },
        ];
  const asking =
    asks === undefined
      ? []
      : [{ label: l10n.t('$(question) In doubt: {0} would be asked first', asks), description: '' }];
  const header = decision === undefined ? [] : [{ label: '$(info) x-tollgate-route', description: decision }];
  await window.showQuickPick([...lines, ...judged, ...asking, ...header], { title, ignoreFocusOut: true });
}

function describeRoute(unmet: string | undefined, index: number, taken: number): string {
  if (unmet !== undefined) return l10n.t('not taken: {0} does not fit', unmet);
  return index === taken ? l10n.t('taken: everything fits') : l10n.t('an earlier route is taken');
}
