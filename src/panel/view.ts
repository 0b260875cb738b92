import type { PanelNode } from './element.ts';
import type { PanelAction, PanelState } from './messages.ts';
import type { PanelView } from './panelView.ts';
import { readyView } from './readyView.ts';
import type { DrawChart } from './spendChart.ts';
import { button, message } from './stateMessages.ts';
import type { Words } from './words.ts';

/** What the views need besides the state: how to write, which calls are open, and what buttons do. */
export interface ViewContext {
  readonly words: Words;
  readonly openCalls: ReadonlySet<string>;
  readonly view: PanelView;
  setView(view: PanelView): void;
  /** Absent where there is nothing to export with. */
  readonly exportView?: () => void;
  /** Absent where nothing can be drawn. */
  readonly drawChart?: DrawChart;
  run(action: PanelAction): void;
  toggleCall(id: string): void;
}

/** The whole page for a state. Pure: the same state gives the same description. */
export function panelView(state: PanelState, context: ViewContext): readonly PanelNode[] {
  const { say } = context.words;
  switch (state.kind) {
    case 'loading':
      return [message('loading', 'status', '', [say('loading')], [])];
    case 'noFolder':
      return [
        message(
          'noFolder',
          'status',
          say('noFolderTitle'),
          [say('noFolderBody')],
          [button(say('openFolder'), 'primary', () => context.run('openFolder'))],
        ),
      ];
    case 'untrusted':
      return [
        message(
          'untrusted',
          'status',
          say('untrustedTitle'),
          [say('untrustedBody')],
          [button(say('manageTrust'), 'primary', () => context.run('manageTrust'))],
        ),
      ];
    case 'serviceMissing':
      return [
        message(
          'serviceMissing',
          'alert',
          say('missingTitle'),
          [state.message],
          [button(say('showLog'), 'secondary', () => context.run('showLog'))],
        ),
      ];
    case 'serviceDown':
      return serviceDown(state, context);
    case 'error':
      return [
        message(
          'error',
          'alert',
          say('errorTitle'),
          [state.message],
          [
            button(say('restart'), 'primary', () => context.run('restartService')),
            button(say('showLog'), 'secondary', () => context.run('showLog')),
          ],
        ),
      ];
    case 'ready':
      return readyView(state, context);
  }
}

function serviceDown(state: PanelState & { kind: 'serviceDown' }, context: ViewContext): readonly PanelNode[] {
  const { say } = context.words;
  const texts = [
    state.message,
    ...(state.retrying ? [say('downRetrying')] : []),
    ...(state.last === undefined ? [] : [say('downLast')]),
  ];
  const down = message('serviceDown', 'alert', say('downTitle'), texts, [
    button(say('restart'), 'primary', () => context.run('restartService')),
    button(say('showLog'), 'secondary', () => context.run('showLog')),
  ]);
  return state.last === undefined ? [down] : [down, ...readyView(state.last, context)];
}
