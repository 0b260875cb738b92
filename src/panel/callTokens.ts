import { totalInputTokens, totalOutputTokens } from '../catalog/usage.ts';
import type { PanelCall } from './spend.ts';

/** Tokens over all attempts; undefined where no provider reported or was asked for any. */
export function tokensOfCall({ attempts }: PanelCall): { input: number; output: number } | undefined {
  const input = attempts.reduce((sum, { usage }) => sum + totalInputTokens(usage), 0);
  const output = attempts.reduce((sum, { usage }) => sum + totalOutputTokens(usage), 0);
  return input + output === 0 ? undefined : { input, output };
}
