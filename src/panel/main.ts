/// <reference types="vscode-webview" />
import './panel.css';
import type { PanelAction, PanelRequest, PanelState } from './messages.ts';
import { createMount } from './mount.ts';
import { panelStrings } from './panelStrings.ts';
import { firstView } from './panelView.ts';
import { readOpenCalls, readStrings, readUpdate, readView } from './readMessages.ts';
import { createChart } from './spendChart.ts';
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
  let view = readView(api.getState());
  const keep = (): void => {
    api.setState({ openCalls: [...openCalls], ...(view === firstView ? {} : { view }) });
  };
  const drawChart = createChart();
  const contextNow = (): ViewContext => ({
    words,
    openCalls,
    view,
    drawChart,
    setView: (chosen) => {
      view = chosen;
      keep();
      send({ type: 'view', view });
      show();
    },
    exportView: () => send({ type: 'export', view }),
    run: (action: PanelAction) => send({ type: 'run', action }),
    toggleCall: (id) => {
      if (!openCalls.delete(id)) openCalls.add(id);
      keep();
      show();
    },
  });
  const show = (): void => mount.update(panelView(state, contextNow()));
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const update = readUpdate(event.data);
    if (update === undefined) return;
    state = update.state;
    show();
  });
  show();
  if (view !== firstView) send({ type: 'view', view });
  send({ type: 'ready' });
}

const root = document.getElementById('panel');
if (root !== null) startPanel(root);
