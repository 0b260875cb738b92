import { type Advice, englishText } from '../../src/advice/advice.ts';
import { giveAdvice } from '../../src/advice/giveAdvice.ts';
import { applyEdits } from '../../src/advice/planAliasEdit.ts';
import { defaultLevels, type RuleId, type RuleLevels, ruleIds } from '../../src/advice/ruleIds.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Config } from '../../src/config/config.ts';
import { nameModel } from '../../src/scan/nameModel.ts';
import type { TokenCounter } from '../../src/tokens/tokenCount.ts';
import { realDetector, shippedCatalog } from './detector.ts';

/** One token per word: figures that a test can be read against. */
const wordCounter: TokenCounter = {
  count: async (texts) => texts.map((text) => ({ basis: 'exact', tokens: text.split(/\s+/).filter(Boolean).length })),
  peek: () => undefined,
  dispose: async () => undefined,
};

export interface AdviseOptions {
  readonly catalog?: Catalog;
  readonly aliases?: Config['aliases'];
  readonly path?: string;
  readonly counter?: TokenCounter;
  readonly today?: string;
  /** Text of another cell of the same notebook. */
  readonly otherCell?: string;
}

export interface Adviser {
  /** Advice of one rule, or of all. */
  advise(rule: RuleId | 'all', languageId: string, text: string, options?: AdviseOptions): Promise<Advice[]>;
  /** What each advice of a rule is shown at. */
  places(rule: RuleId, languageId: string, text: string, options?: AdviseOptions): Promise<string[]>;
  /** The source after the first edit of the first advice. */
  fixed(rule: RuleId, languageId: string, text: string, options?: AdviseOptions): Promise<string | undefined>;
  dispose(): void;
}

/** Gives advice with the real grammars and the shipped catalogue; a token is a word. */
export function createAdviser(): Adviser {
  const shipped = shippedCatalog();
  const detector = realDetector(['cheap']);
  const advise: Adviser['advise'] = async (rule, languageId, text, options = {}) => {
    const { catalog = shipped, aliases = {}, path = 'app.src', counter = wordCounter, today = '2026-10-01' } = options;
    const { otherCell = '' } = options;
    const source = { languageId, path, text };
    const [findings, calls, elsewhere] = await Promise.all([
      detector.detect(source),
      detector.calls(source),
      detector.detect({ ...source, text: otherCell }),
    ]);
    const fileText = `${text}\n${otherCell}`;
    const only = Object.fromEntries(ruleIds.map((id) => [id, id === rule ? 'information' : 'off']));
    const levels: RuleLevels = rule === 'all' ? defaultLevels : { ...defaultLevels, ...only };
    const named = (name: string) => nameModel(name, catalog, aliases);
    return giveAdvice({ source, findings, calls, elsewhere, fileText }, levels, {
      catalog,
      aliases,
      nameModel: named,
      counter,
      today,
    });
  };
  return {
    advise,
    places: async (rule, languageId, text, options) =>
      (await advise(rule, languageId, text, options)).map(({ span }) => text.slice(span.start, span.end)),
    fixed: async (rule, languageId, text, options) => {
      const [first] = await advise(rule, languageId, text, options);
      const fix = first?.fixes.find((each) => each.kind === 'edit');
      return fix && applyEdits(text, fix.edits);
    },
    dispose: () => detector.dispose(),
  };
}

/** The English message of the only advice. */
export function onlyMessage(advice: readonly Advice[]): string {
  return advice.map((each) => englishText(each.message)).join('\n');
}
