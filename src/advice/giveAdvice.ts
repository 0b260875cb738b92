import { isTestPath } from '../detect/evidence.ts';
import type { SourceText } from '../detect/finding.ts';
import type { Advice } from './advice.ts';
import { isIgnored } from './ignoreComment.ts';
import { type AdviceDeps, type AdvisedDocument, createRuleContext, type Rule } from './ruleContext.ts';
import { type RuleId, type RuleLevels, ruleIds } from './ruleIds.ts';
import { batchableLoop } from './rules/batchableLoop.ts';
import { batchForInteractive } from './rules/batchForInteractive.ts';
import { batchNeverCollected } from './rules/batchNeverCollected.ts';
import { deprecatedModel } from './rules/deprecatedModel.ts';
import { flagshipForSimpleTask } from './rules/flagshipForSimpleTask.ts';
import { hardcodedModel } from './rules/hardcodedModel.ts';
import { missingMaxTokens } from './rules/missingMaxTokens.ts';
import { oversizedContext } from './rules/oversizedContext.ts';
import { piiInMetadata } from './rules/piiInMetadata.ts';
import { promptCachePrefix } from './rules/promptCachePrefix.ts';
import { retryStorm } from './rules/retryStorm.ts';
import { secretInSource } from './rules/secretInSource.ts';
import { unknownModel } from './rules/unknownModel.ts';

const rules: Readonly<Record<RuleId, Rule>> = {
  'hardcoded-model': hardcodedModel,
  'unknown-model': unknownModel,
  'deprecated-model': deprecatedModel,
  'flagship-for-simple-task': flagshipForSimpleTask,
  'missing-max-tokens': missingMaxTokens,
  'prompt-cache-prefix': promptCachePrefix,
  'batchable-loop': batchableLoop,
  'batch-for-interactive': batchForInteractive,
  'batch-never-collected': batchNeverCollected,
  'retry-storm': retryStorm,
  'pii-in-metadata': piiInMetadata,
  'oversized-context': oversizedContext,
  'secret-in-source': secretInSource,
};

/** Names of tests beside those that detection knows: `GeminiUnitTests/`, `chart.clienttest.ts`, `testapps/`. */
const testName = /(?:^|[\\/._-])[tT]ests?(?:[-_]?utils|apps?)?[\\/]|[a-z]Tests?[\\/]|\.\w*test\.\w+$/;
const isMadeUp = (path: string): boolean => isTestPath(path) || testName.test(path);

/** A Rust file ends with its own tests. */
function programLength({ languageId, text }: SourceText): number {
  const tests = languageId === 'rust' ? text.indexOf('#[cfg(test)]') : -1;
  return tests < 0 ? text.length : tests;
}

/**
 * The advice on a document, in document order: of the rules that are not off, without what a comment takes back.
 * Tests get none: what they name and send is made up. Rejects only when the token counter does.
 */
export async function giveAdvice(document: AdvisedDocument, levels: RuleLevels, deps: AdviceDeps): Promise<Advice[]> {
  if (isMadeUp(document.source.path)) return [];
  const context = createRuleContext(document, deps);
  const endOfProgram = programLength(document.source);
  const given = await Promise.all(
    ruleIds.filter((rule) => levels[rule] !== 'off').map(async (rule) => rules[rule](context)),
  );
  return given
    .flat()
    .filter(({ rule, span }) => span.start < endOfProgram && !isIgnored(document.source.text, span, rule))
    .sort((a, b) => a.span.start - b.span.start);
}
