import type { Translate } from '../translate.ts';

/** What users read when there is nothing to scan or to export, each with what to do. */
export const scanErrors = {
  noFolder: (t: Translate): string => t('Open a folder first: there is nothing to scan.'),
  notOnDisk: (t: Translate): string => t('Only folders on disk can be scanned. Open one, or clone the repository.'),
  nothingFound: (t: Translate): string => t('There is nothing to export yet. Run "Tollgate: Scan Workspace" first.'),
};
