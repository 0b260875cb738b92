/** Names come from whoever calls or from files; in a tooltip they are text, not markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!<>|~$&]/g, '\\$&');
}
