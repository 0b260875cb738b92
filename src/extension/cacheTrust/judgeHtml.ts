import type { Translate } from '../translate.ts';
import type { JudgeView, PairView } from './judgeView.ts';

export interface JudgePage {
  /** Random, new for each page. */
  readonly nonce: string;
  /** BCP 47 tag of the display language. */
  readonly language: string;
}

/** Pairs side by side, to be judged. The page loads nothing; colours are the editor's. */
export function judgeHtml(view: JudgeView, { nonce, language }: JudgePage, t: Translate): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(view.heading)}</title>
<style nonce="${escaped(nonce)}">${style}</style>
</head>
<body>
<main>
<h1>${escaped(view.heading)}</h1>
<p class="summary" role="status">${escaped(view.summary)}</p>
${view.notes.map((text) => `<p class="note">${escaped(text)}</p>`).join('\n')}
<div class="actions">
${view.offersToSwitchOn ? button('switchOn', '', t('Serve Them from Now On'), 'primary') : ''}
${button('reload', '', t('Reload'), 'secondary')}
</div>
${view.pairs.map((pair) => pairHtml(pair, t)).join('\n')}
</main>
<script nonce="${escaped(nonce)}">${script}</script>
</body>
</html>`;
}

function pairHtml({ id, title, verdict, sides }: PairView, t: Translate): string {
  const columns = sides.map(
    ({ name, question, answer }) =>
      `<div><h3>${escaped(name)}</h3><p class="question">${escaped(question)}</p><pre tabindex="0">${escaped(answer)}</pre></div>`,
  );
  const judged =
    verdict === undefined
      ? ''
      : `<strong>${escaped(verdict === 'right' ? t('Judged right') : t('Judged wrong'))}</strong>`;
  const buttons = `${button('right', id, t('Right'), 'secondary', verdict === 'right')}${button('wrong', id, t('Wrong'), 'secondary', verdict === 'wrong')}`;
  return `<section aria-label="${escaped(title)}"><h2>${escaped(title)}</h2><div class="sides">${columns.join('')}</div><div class="actions">${buttons}${judged}</div></section>`;
}

function button(action: string, pair: string, text: string, look: string, isPressed?: boolean): string {
  const pressed = isPressed === undefined ? '' : ` aria-pressed="${isPressed}"`;
  return `<button type="button" class="${look}" data-action="${action}" data-pair="${escaped(pair)}"${pressed}>${escaped(text)}</button>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
body { color: var(--vscode-foreground); font: var(--vscode-font-size)/1.5 var(--vscode-font-family); padding: 0 20px 20px; }
main { max-width: 1100px; }
h1 { font-size: 1.5em; font-weight: 600; margin: 16px 0 4px; }
h2 { font-size: 1em; font-weight: normal; color: var(--vscode-descriptionForeground); margin: 0 0 4px; }
h3 { font-size: 1em; font-weight: 600; margin: 0; }
.summary { margin: 0 0 8px; }
.note { color: var(--vscode-descriptionForeground); margin: 4px 0; }
section { border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); margin: 16px 0 0; padding: 12px 0 0; }
.sides { display: grid; gap: 8px 16px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.question { margin: 0 0 4px; overflow-wrap: anywhere; }
pre { background: var(--vscode-textCodeBlock-background); margin: 0; max-height: 200px; overflow: auto; padding: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.actions { align-items: center; display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
button { border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px; cursor: pointer; font: inherit; padding: 4px 14px; }
.primary { background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
.secondary { background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); }
[aria-pressed="true"] { outline: 2px solid var(--vscode-focusBorder); }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
@media (max-width: 640px) { .sides { grid-template-columns: 1fr; } }`;

const script = `
const editor = acquireVsCodeApi();
for (const element of document.querySelectorAll('[data-action]'))
  element.addEventListener('click', () =>
    editor.postMessage({ action: element.dataset.action, pair: element.dataset.pair }));`;
