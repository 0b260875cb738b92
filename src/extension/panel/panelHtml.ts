export interface PanelPage {
  /** Random, new for each page. */
  readonly nonce: string;
  /** `webview.cspSource`. */
  readonly source: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** BCP 47 tag of the display language. */
  readonly language: string;
  readonly title: string;
  readonly strings: Readonly<Record<string, string>>;
}

/** The page around the panel's script. It can load the extension's own two files and nothing else. */
export function panelHtml(page: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `style-src ${page.source}`,
    `script-src 'nonce-${page.nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(page.title)}</title>
<link rel="stylesheet" href="${escapeAttribute(page.styleUri)}">
</head>
<body>
<main id="panel" data-strings="${escapeAttribute(JSON.stringify(page.strings))}"></main>
<script nonce="${escapeAttribute(page.nonce)}" src="${escapeAttribute(page.scriptUri)}"></script>
</body>
</html>`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
