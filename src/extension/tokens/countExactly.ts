import { commands, l10n, ProgressLocation, window, workspace } from 'vscode';
import { promptText } from '../../detect/finding.ts';
import { type CountingProvider, countingHost, countWithProvider } from '../../tokens/countWithProvider.ts';
import type { ExactCounts } from '../../tokens/exactCounts.ts';
import { type DocumentPlace, readPlace } from '../alias/readPlace.ts';
import type { Annotation, PromptAnnotation } from '../analysis/annotation.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import type { ConfigStore } from '../config/configStore.ts';
import { commandIds } from '../contributions.ts';
import type { Disposable } from '../disposables.ts';
import type { Host } from '../host.ts';
import { createStoredKeys, type StoredKeys } from '../keys/storedKeys.ts';
import { tellError } from '../tellError.ts';
import { type CountTarget, countTarget } from './countTarget.ts';

export interface CountExactlyParts {
  readonly host: Host;
  readonly analysis: DocumentAnalysis;
  readonly config: ConfigStore;
  readonly counts: ExactCounts;
}

/** Where a key is looked for when none is stored under the provider's name. */
const keyVariables: Readonly<Record<CountingProvider, readonly string[]>> = {
  anthropic: ['ANTHROPIC_API_KEY'],
  google: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  openai: ['OPENAI_API_KEY'],
};
const consentPrefix = 'tollgate.countExactly.';

/** `Tollgate: Count Exactly`: the prompt of a hover, or at the cursor, is sent to its provider's count endpoint, and the count remembered. */
export function startCountExactly(parts: CountExactlyParts): Disposable {
  return commands.registerCommand(commandIds.countExactly, async (argument?: unknown) => {
    try {
      const place = await readPlace(argument);
      if (place !== undefined) await countAt(place, parts);
    } catch (error) {
      tellError(error, parts.host.log);
    }
  });
}

async function countAt({ document, place }: DocumentPlace, parts: CountExactlyParts): Promise<void> {
  const { host, analysis, config, counts } = parts;
  const at = place.offset;
  const current = await analysis.current(document);
  const prompt = current?.annotations.find(
    (annotation): annotation is PromptAnnotation =>
      annotation.kind === 'prompt' && annotation.span.start <= at && at <= annotation.span.end,
  );
  if (current === undefined || prompt === undefined) return tell(l10n.t('No prompt at the cursor.'));
  if (prompt.priced === undefined)
    return tell(l10n.t('No model is in sight for this prompt. Set `tollgate.defaultModel`.'));
  const { aliases } = await config.configFor(document.uri);
  const { model } = prompt.priced;
  const named = prompt.priced.reason === 'default' ? host.settings.current().defaultModel : model.name;
  const target = countTarget(mentionText(current.annotations, model.name) ?? named, model, aliases);
  if (target.kind !== 'ask') return tell(noQuestion(target));
  const apiKey = await keyOf(target.provider, createStoredKeys(host.context.secrets, host.context.globalState));
  if (apiKey === undefined) return askForKey(target.provider);
  if (!(await maySend(target.provider, host))) return undefined;
  const text = promptText(prompt.finding);
  const tokens = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Counting tokens') },
    () => countWithProvider({ provider: target.provider, model: target.model, text, apiKey, fetch }),
  );
  await counts.set(target.key, text, tokens);
  return tell(l10n.t('{0} tokens of text, counted by {1}.', tokens.toLocaleString('en-US'), target.model));
}

/** As the source names it: what the provider is asked by. */
function mentionText(annotations: readonly Annotation[], name: string): string | undefined {
  for (const annotation of annotations)
    if (annotation.kind === 'model' && annotation.model.name === name && annotation.finding.kind === 'model')
      return annotation.finding.text;
  return undefined;
}

function noQuestion(target: Exclude<CountTarget, { kind: 'ask' }>): string {
  switch (target.kind) {
    case 'counted':
      return l10n.t('This count is exact already: it is made with the tokenizer of the model.');
    case 'unknown':
      return l10n.t('The model of this prompt is not known, so nobody can be asked.');
    case 'noEndpoint':
      return l10n.t('{0} has no count endpoint that Tollgate can ask.', target.provider);
  }
}

async function keyOf(provider: CountingProvider, keys: Pick<StoredKeys, 'all'>): Promise<string | undefined> {
  const stored = await keys.all();
  if (stored[provider] !== undefined) return stored[provider];
  return keyVariables[provider].map((name) => process.env[name]).find((key) => key !== undefined && key !== '');
}

async function askForKey(provider: CountingProvider): Promise<void> {
  const setKey = l10n.t('Set Provider Key');
  const choice = await window.showInformationMessage(
    l10n.t(
      'Counting needs a key of {0}: stored in the editor, or in {1}.',
      provider,
      keyVariables[provider].join(', '),
    ),
    setKey,
  );
  if (choice === setKey) await commands.executeCommand(commandIds.setProviderKey, provider);
}

/** Asked once per provider; every time in a workspace that is not trusted. */
async function maySend(provider: CountingProvider, { context }: Host): Promise<boolean> {
  const remembered = `${consentPrefix}${provider}`;
  if (workspace.isTrusted && context.globalState.get(remembered) === true) return true;
  const send = l10n.t('Send');
  const choice = await window.showInformationMessage(
    l10n.t('Send this prompt to {0} to have its tokens counted?', countingHost(provider)),
    { modal: true, detail: l10n.t('Counting is free of charge. Your key goes along, to this address only.') },
    send,
  );
  if (choice !== send) return false;
  if (workspace.isTrusted) await context.globalState.update(remembered, true);
  return true;
}

/** Waits for nobody. */
function tell(message: string): void {
  window.showInformationMessage(message);
}
