import { l10n, RelativePattern, window, workspace } from 'vscode';
import { configFileName } from '../../config/config.ts';
import { describeError, type Log } from '../log.ts';
import type { MeteringChoices } from './meteringChoices.ts';
import { dependencyFiles, usesLlm } from './usesLlm.ts';

const mostFiles = 25;
const excluded = '**/{node_modules,.venv,venv,vendor,dist,target}/**';

/** Asks once per window, and only in a workspace that calls models: elsewhere the question is noise. */
export async function askToMeter(choices: MeteringChoices, turnOn: () => Promise<void>, log: Log): Promise<void> {
  if (choices.choice() !== undefined || !(await callsModels(log))) return;
  const yes = l10n.t('Yes');
  const notNow = l10n.t('Not Now');
  const never = l10n.t('Never for This Workspace');
  const answer = await window.showInformationMessage(
    l10n.t(
      'Meter this workspace? Its new terminals, tasks and debug sessions will send their OpenAI and Anthropic calls through Tollgate on this machine.',
    ),
    yes,
    notNow,
    never,
  );
  if (answer === yes) await turnOn();
  if (answer === never) await choices.setChoice('never');
}

async function callsModels(log: Log): Promise<boolean> {
  for (const folder of workspace.workspaceFolders ?? []) {
    const own = await workspace.findFiles(new RelativePattern(folder, configFileName), null, 1);
    if (own.length > 0) return true;
    for (const uri of await workspace.findFiles(new RelativePattern(folder, dependencyFiles), excluded, mostFiles)) {
      try {
        if (usesLlm(new TextDecoder().decode(await workspace.fs.readFile(uri)))) return true;
      } catch (error) {
        log.debug(`${uri.path} could not be read`, describeError(error));
      }
    }
  }
  return false;
}
