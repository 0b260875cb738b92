import { sourceLanguageIds } from '../detect/sourceLanguage.ts';

/**
 * Every id that `package.json` and the code share; `test/unit/manifest.test.ts` holds the two together.
 * A command that is declared here and not registered fails the host test.
 */
export const commandIds = {
  useAlias: 'tollgate.useAlias',
  useAliasEverywhereInFile: 'tollgate.useAliasEverywhereInFile',
  explainAdvice: 'tollgate.explainAdvice',
  turnOffAdvice: 'tollgate.turnOffAdvice',
  toggleLenses: 'tollgate.toggleLenses',
  hideLenses: 'tollgate.hideLenses',
  openConfig: 'tollgate.openConfig',
  scanWorkspace: 'tollgate.scanWorkspace',
  clearScan: 'tollgate.clearScan',
  exportScan: 'tollgate.exportScan',
  groupScanByModel: 'tollgate.groupScanByModel',
  groupScanByFile: 'tollgate.groupScanByFile',
  groupScanByCost: 'tollgate.groupScanByCost',
  openPanel: 'tollgate.openPanel',
  meterWorkspace: 'tollgate.meterWorkspace',
  stopMetering: 'tollgate.stopMetering',
  useExistingBaseUrl: 'tollgate.useExistingBaseUrl',
  copyBaseUrl: 'tollgate.copyBaseUrl',
  rotateToken: 'tollgate.rotateToken',
  setProviderKey: 'tollgate.setProviderKey',
  removeProviderKey: 'tollgate.removeProviderKey',
  enableExactCache: 'tollgate.enableExactCache',
  enableSemanticCache: 'tollgate.enableSemanticCache',
  showCachedAnswers: 'tollgate.showCachedAnswers',
  clearCache: 'tollgate.clearCache',
  downloadEmbeddingModel: 'tollgate.downloadEmbeddingModel',
  importEmbeddingModel: 'tollgate.importEmbeddingModel',
  judgeCache: 'tollgate.judgeCache',
  calibrateSemanticCache: 'tollgate.calibrateSemanticCache',
  submitBatch: 'tollgate.submitBatch',
  cancelJob: 'tollgate.cancelJob',
  collectJob: 'tollgate.collectJob',
  resubmitJob: 'tollgate.resubmitJob',
  openJobResults: 'tollgate.openJobResults',
  forgetJob: 'tollgate.forgetJob',
  restartService: 'tollgate.restartService',
  showLog: 'tollgate.showLog',
  showServiceLog: 'tollgate.showServiceLog',
  openWalkthrough: 'tollgate.openWalkthrough',
  updatePrices: 'tollgate.updatePrices',
  countExactly: 'tollgate.countExactly',
  explainRoute: 'tollgate.explainRoute',
  exportCalls: 'tollgate.exportCalls',
  reconcileInvoice: 'tollgate.reconcileInvoice',
  raiseLimit: 'tollgate.raiseLimit',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const settingIds = {
  display: 'tollgate.display',
  lensModels: 'tollgate.lens.models',
  lensPrompts: 'tollgate.lens.prompts',
  lensMinimumTokens: 'tollgate.lens.minimumTokens',
  lensMinimumUsd: 'tollgate.lens.minimumUsd',
  lensMaximumCharacters: 'tollgate.lens.maximumCharacters',
  exclude: 'tollgate.exclude',
  defaultModel: 'tollgate.defaultModel',
  advice: 'tollgate.advice',
  pricesUrl: 'tollgate.prices.url',
  meteringAsk: 'tollgate.metering.ask',
  config: 'tollgate.config',
} as const;

export type SettingId = (typeof settingIds)[keyof typeof settingIds];

/** Tools that agents in the editor may call. */
export const toolNames = { spend: 'tollgate_spend' } as const;

export const mcpProviderId = 'tollgate.mcp';

/** View containers and views, by what they hold. */
export const viewIds = {
  container: 'tollgate',
  spend: 'tollgate.spend',
  jobs: 'tollgate.jobs',
  findings: 'tollgate.findings',
} as const satisfies Record<string, string>;

/** Keys of `when` and `enablement` clauses, set through `setContext`. */
export const contextKeys = {
  /** `connected`, `down`, … : the kind of the service's state. */
  service: 'tollgate.service',
  /** The workspace is metered. */
  metered: 'tollgate.metered',
  /** `none`, `empty` or `found`: what the scan view holds. */
  scan: 'tollgate.scan',
  /** `model`, `file` or `cost`. */
  scanGrouping: 'tollgate.scanGrouping',
} as const satisfies Record<string, string>;

/** Languages whose documents can hold mentions and prompts; each has an `onLanguage` activation event. */
export const languageIds: readonly string[] = sourceLanguageIds;

export const notebookTypes = ['jupyter-notebook'] as const;
