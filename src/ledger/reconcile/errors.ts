/** Why a provider's numbers could not be had, in words for the user. */
export class ReportUnavailable extends Error {
  readonly reason: 'notReadable' | 'refused' | 'unreachable' | 'unsupported';

  constructor(reason: ReportUnavailable['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReportUnavailable';
    this.reason = reason;
  }
}

export function unknownColumns(columns: readonly string[]): ReportUnavailable {
  const found = columns.slice(0, 12).join(', ');
  return new ReportUnavailable(
    'notReadable',
    `This is not a usage or cost file that Tollgate knows: its columns are ${found}. Export usage or costs as CSV from platform.openai.com or platform.claude.com.`,
  );
}

export function unreadableCell(line: number, column: string): ReportUnavailable {
  return new ReportUnavailable(
    'notReadable',
    `Line ${line} of the file has no usable ${column}. Export the file again; a spreadsheet may have changed its numbers or dates.`,
  );
}

export function notCsv(cause: unknown): ReportUnavailable {
  return new ReportUnavailable('notReadable', 'The file is not CSV. Export it again from the provider’s console.', {
    cause,
  });
}

export function reportRefused(provider: string, status: number): ReportUnavailable {
  const remedy =
    status === 401 || status === 403
      ? 'These reports need an admin key of the organisation, not an ordinary one; without one, import the exported CSV files.'
      : status === 404
        ? 'The base URL has no such reports; import the exported CSV files instead.'
        : 'Try again later, or import the exported CSV files.';
  return new ReportUnavailable('refused', `${provider} answered ${status}. ${remedy}`);
}

export function reportUnreachable(provider: string, cause: unknown): ReportUnavailable {
  return new ReportUnavailable(
    'unreachable',
    `${provider}’s reports could not be fetched. Check the network and the base URL, or import the exported CSV files.`,
    { cause },
  );
}

export function reportUnreadable(provider: string, at: string): ReportUnavailable {
  return new ReportUnavailable(
    'notReadable',
    `${provider} answered in a form that Tollgate does not know (${at}). Update Tollgate, or import the exported CSV files.`,
  );
}
