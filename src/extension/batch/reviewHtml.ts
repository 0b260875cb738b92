import type { Translate } from '../translate.ts';
import type { ReviewList, ReviewView } from './reviewView.ts';

export interface ReviewPage {
  /** Random, new for each page. */
  readonly nonce: string;
  /** BCP 47 tag of the display language. */
  readonly language: string;
  readonly keepsDuplicates: boolean;
  /** Something is under way: nothing can be pressed. */
  readonly busy: string | undefined;
}

/** The page before a plan is submitted. It loads nothing; colours are the editor's. */
export function reviewHtml(view: ReviewView, page: ReviewPage, t: Translate): string {
  const policy = `default-src 'none'; style-src 'nonce-${page.nonce}'; script-src 'nonce-${page.nonce}'; base-uri 'none'; form-action 'none'`;
  const isBusy = page.busy !== undefined;
  return `<!DOCTYPE html>
<html lang="${escaped(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(t('Review Batch Job'))}</title>
<style nonce="${escaped(page.nonce)}">${style}</style>
</head>
<body>
<main>
<h1>${escaped(view.heading)}</h1>
<p class="summary">${escaped(view.summary)}</p>
${view.warnings.map((text) => `<p class="warning" role="note">${escaped(text)}</p>`).join('\n')}
${tableOf(view)}
${view.notes.map((text) => `<p class="note">${escaped(text)}</p>`).join('\n')}
<div class="actions">
${button('submit', t('Submit'), 'primary', isBusy || !view.canSubmit)}
${view.canPlanAgain ? button('replan', t('Plan Again'), 'secondary', isBusy) : ''}
${button('try', t('Try One Now'), 'secondary', isBusy || !view.canTry)}
${button('cancel', t('Cancel'), 'secondary', false)}
${view.hasSpared ? checkbox(t('Also send duplicates and what was answered before'), page.keepsDuplicates, isBusy) : ''}
</div>
<p class="note" role="status">${escaped(page.busy ?? (view.canTry ? t('“Try One Now” runs the first prompt at once, at standard price.') : ''))}</p>
${triedOf(view)}
${view.lists.map((list) => listOf(list, t)).join('\n')}
</main>
<script nonce="${escaped(page.nonce)}">${script}</script>
</body>
</html>`;
}

function tableOf({ columns, jobs }: ReviewView): string {
  if (jobs.length === 0) return '';
  const head = columns.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const rows = jobs.map(
    ([first = '', ...rest]) =>
      `<tr><th scope="row">${escaped(first)}</th>${rest.map((text, index) => `<td data-name="${escaped(columns[index + 1] ?? '')}">${escaped(text)}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function triedOf({ tried }: ReviewView): string {
  if (tried === undefined) return '';
  const answer = tried.answer === undefined ? '' : `<pre>${escaped(tried.answer)}</pre>`;
  return `<section class="tried${tried.isBad ? ' warning' : ''}" role="status"><p>${escaped(tried.text)}</p>${answer}</section>`;
}

function listOf({ title, isOpen, rows, more }: ReviewList, t: Translate): string {
  const lines = rows.map(
    ({ path, shown, text }) =>
      `<li><a href="#" data-open="${escaped(path)}">${escaped(shown)}</a> <span>${withCode(text)}</span></li>`,
  );
  const rest = more > 0 ? `<li>${escaped(t('and {0} more', more))}</li>` : '';
  return `<details${isOpen ? ' open' : ''}><summary>${escaped(title)} (${rows.length + more})</summary><ul>${lines.join('')}${rest}</ul></details>`;
}

/** What stands between backticks is a name or a piece of a file. */
function withCode(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function button(action: string, text: string, look: string, disabled: boolean): string {
  return `<button type="button" class="${look}" data-action="${action}"${disabled ? ' disabled' : ''}>${escaped(text)}</button>`;
}

function checkbox(text: string, checked: boolean, disabled: boolean): string {
  return `<label><input type="checkbox" data-action="keep"${checked ? ' checked' : ''}${disabled ? ' disabled' : ''}> ${escaped(text)}</label>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
body { color: var(--vscode-foreground); font: var(--vscode-font-size)/1.5 var(--vscode-font-family); padding: 0 20px 20px; }
main { max-width: 1000px; }
h1 { font-size: 1.5em; font-weight: 600; margin: 16px 0 4px; }
.summary { margin: 0 0 12px; }
.warning { border-left: 3px solid var(--vscode-editorWarning-foreground); margin: 8px 0; padding: 2px 0 2px 10px; }
.note { color: var(--vscode-descriptionForeground); margin: 4px 0; }
table { border-collapse: collapse; margin: 8px 0; width: 100%; }
th, td { border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); padding: 4px 12px 4px 0; text-align: left; vertical-align: top; }
thead th { color: var(--vscode-descriptionForeground); font-weight: normal; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td { font-variant-numeric: tabular-nums; }
.actions { align-items: center; display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0 4px; }
button { border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px; cursor: pointer; font: inherit; padding: 4px 14px; }
.primary { background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
.primary:hover { background: var(--vscode-button-hoverBackground); }
.secondary { background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); }
.secondary:hover { background: var(--vscode-button-secondaryHoverBackground); }
button:disabled { cursor: default; opacity: 0.5; }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
a { color: var(--vscode-textLink-foreground); }
details { margin: 12px 0; }
summary { cursor: pointer; }
ul { list-style: none; margin: 4px 0; padding: 0 0 0 16px; }
li span { color: var(--vscode-descriptionForeground); }
pre { background: var(--vscode-textCodeBlock-background); max-height: 300px; overflow: auto; padding: 8px; white-space: pre-wrap; }
@media (max-width: 640px) {
  thead { display: none; }
  tr { border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); display: block; padding: 4px 0; }
  th, td { border: 0; display: block; padding: 1px 0; }
  td::before { color: var(--vscode-descriptionForeground); content: attr(data-name) ": "; }
}`;

const script = `
const editor = acquireVsCodeApi();
for (const element of document.querySelectorAll('[data-action]'))
  element.addEventListener(element.type === 'checkbox' ? 'change' : 'click', () =>
    editor.postMessage({ action: element.dataset.action, checked: element.checked === true }));
for (const link of document.querySelectorAll('[data-open]'))
  link.addEventListener('click', (event) => { event.preventDefault(); editor.postMessage({ action: 'open', path: link.dataset.open }); });
addEventListener('keydown', (event) => { if (event.key === 'Escape') editor.postMessage({ action: 'cancel' }); });
document.querySelector('.primary:not(:disabled)')?.focus();`;
