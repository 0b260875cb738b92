/// <reference types="vscode-webview" />
import './panel.css';
import type { PanelAction, PanelRequest, PanelState } from './messages.ts';
import { createMount } from './mount.ts';
import { panelStrings } from './panelStrings.ts';
import { readOpenCalls, readStrings, readUpdate } from './readMessages.ts';
import { panelView, type ViewContext } from './view.ts';
import { createWords } from './words.ts';

/** Runs in the webview: shows each state it is sent, remembers which calls are open. */
function startPanel(root: HTMLElement): void {
  const api = acquireVsCodeApi();
  const send = (request: PanelRequest): void => api.postMessage(request);
  const openCalls = new Set(readOpenCalls(api.getState()));
  const strings = { ...panelStrings, ...readStrings(root.dataset.strings) };
  const words = createWords(strings, document.documentElement.lang);
  const mount = createMount(root);
  let state: PanelState = { kind: 'loading' };
  const context: ViewContext = {
    words,
    openCalls,
    run: (action: PanelAction) => send({ type: 'run', action }),
    toggleCall: (id) => {
      if (!openCalls.delete(id)) openCalls.add(id);
      api.setState({ openCalls: [...openCalls] });
      show();
    },
  };
  const show = (): void => mount.update(panelView(state, context));
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const update = readUpdate(event.data);
    if (update === undefined) return;
    state = update.state;
    show();
  });
  show();
  send({ type: 'ready' });
}

const root = document.getElementById('panel');
if (root !== null) startPanel(root);
