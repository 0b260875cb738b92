import { formatUsd } from '../catalog/formatUsd.ts';
import type { Target } from '../config/config.ts';
import type { SpendingEvent, SpendingState } from './spendingLimits.ts';
import { localTime } from './spendingWindow.ts';

/** Why a call is not made. 402 = money, 400 = tokens. `message` is for the user and names the remedy. */
export interface LimitRefusal {
  readonly kind: 'refused';
  readonly status: 400 | 402;
  readonly code: 'budget_exceeded' | 'call_too_expensive' | 'model_unpriced' | 'context_length_exceeded';
  readonly message: string;
}

/** What the user is told when a limit comes near, is reached, or stops a call. */
export function spendingMessage(event: SpendingEvent): string {
  const { window, limitPicoUsd, spentPicoUsd, onExceed } = event.state;
  const limit = `the limit of ${formatUsd(limitPicoUsd)} ${windows[window]} for ${scopeText(event.state)}`;
  const spent = `${formatUsd(spentPicoUsd)} of ${limit} is spent`;
  switch (event.kind) {
    case 'threshold':
      return `${spent} (${Math.round(event.share * 100)} % was passed).`;
    case 'exceeded':
      return `${spent}. ${afterwards[onExceed]}`;
    case 'downgraded':
      return `${spent}, and what is left does not cover every call. Those that it does not cover go to a lower tier.`;
    case 'blocked':
      return `A call was refused: ${spent}, and what is left does not cover the call. Raise "limitUsd" under "budgets" in tollgate.jsonc, or ask for shorter answers.`;
  }
}

const afterwards = {
  block: 'Further calls are refused; raise "limitUsd" under "budgets" in tollgate.jsonc to go on.',
  downgrade: 'Further calls go to a lower tier, and are refused where there is none.',
  warn: 'Calls go on; set "onExceed" to "block" in tollgate.jsonc to stop them.',
} as const;

export function unpricedMessage(model: string): string {
  return `The price of ${model} is not known, so spending limits count its calls at the dearest price of its provider. Add its price under "prices.overrides" in tollgate.jsonc, or set "prices.unpriced" to "block".`;
}

const scopes: Readonly<Record<string, string>> = {
  workspace: 'this workspace',
  user: 'this user',
  session: 'this session',
};

/** `this workspace`, `feature:search` */
function scopeText({ scope, limit }: SpendingState): string {
  const name = scopes[scope] ?? scope;
  return limit.shared === true ? `${name} (shared by the team)` : name;
}

const windows = { session: 'per session', day: 'per day', week: 'per week', month: 'per month' } as const;

export function budgetExceeded(state: SpendingState, worstCasePicoUsd: bigint): LimitRefusal {
  const { window, limitPicoUsd, spentPicoUsd, reservedPicoUsd, resetAtMs, timeZone } = state;
  const held = reservedPicoUsd > 0n ? `, ${formatUsd(reservedPicoUsd)} is held for calls and batch jobs under way` : '';
  const reset =
    resetAtMs === undefined
      ? 'A new session or test run starts from zero.'
      : `The count starts again at ${localTime(resetAtMs, timeZone)}.`;
  return {
    kind: 'refused',
    status: 402,
    code: 'budget_exceeded',
    message:
      `The limit of ${formatUsd(limitPicoUsd)} ${windows[window]} for ${scopeText(state)} does not cover this call: ` +
      `${formatUsd(spentPicoUsd)} is spent${held}, and the call may cost up to ${formatUsd(worstCasePicoUsd)}. ` +
      `${reset} To go on, raise "limitUsd" under "budgets" in tollgate.jsonc or your user settings, or ask for a shorter answer.`,
  };
}

/** Why a batch is not submitted: a limit that blocks does not cover what it may cost; undefined = nothing bounds that. */
export function batchExceeds(state: SpendingState, worstCasePicoUsd: bigint | undefined): string {
  const { window, limitPicoUsd, spentPicoUsd, reservedPicoUsd, resetAtMs, timeZone } = state;
  const limit = `The limit of ${formatUsd(limitPicoUsd)} ${windows[window]} for ${scopeText(state)}`;
  if (worstCasePicoUsd === undefined)
    return `${limit} cannot be kept by this batch, because nothing bounds its answers. Give "max_tokens" in the prompts, or "maxOutputTokens" of an alias.`;
  const held = reservedPicoUsd > 0n ? `, ${formatUsd(reservedPicoUsd)} is held for calls and batch jobs under way` : '';
  const reset = resetAtMs === undefined ? '' : `The count starts again at ${localTime(resetAtMs, timeZone)}. `;
  return (
    `${limit} does not cover this batch: ${formatUsd(spentPicoUsd)} is spent${held}, and the batch may cost up to ${formatUsd(worstCasePicoUsd)}. ` +
    `${reset}To go on, raise "limitUsd" under "budgets" in tollgate.jsonc or your user settings, send fewer prompts, or bound the answers ("max_tokens").`
  );
}

export function callTooExpensive(maxCostUsd: number, worstCasePicoUsd: bigint): LimitRefusal {
  return {
    kind: 'refused',
    status: 402,
    code: 'call_too_expensive',
    message:
      `This call may cost up to ${formatUsd(worstCasePicoUsd)}, and its x-tollgate-max-cost-usd is ${maxCostUsd}. ` +
      'Ask for a shorter answer, use a cheaper model, or raise the header.',
  };
}

export function modelUnpriced({ provider, model }: Target): LimitRefusal {
  const id = `${provider}/${model}`;
  return {
    kind: 'refused',
    status: 402,
    code: 'model_unpriced',
    message:
      `The price of ${id} is not known, so no spending limit can be kept. ` +
      `Add it under "prices.overrides" in tollgate.jsonc ("${id}": { "usdPerMTok": … }), or set "prices.unpriced" to "estimate", which counts it at the dearest price of its provider.`,
  };
}

export function inputTooLong(alias: string, inputTokens: number, maxTokens: number): LimitRefusal {
  return tooLong(
    `The prompt has about ${inputTokens} tokens, and the alias "${alias}" takes ${maxTokens}. ` +
      `Shorten it, raise "maxInputTokens" of the alias in tollgate.jsonc, or set its "onOverflow" to "truncate" or "largerTarget".`,
  );
}

export function noTargetFits(alias: string, inputTokens: number): LimitRefusal {
  return tooLong(
    `The prompt has about ${inputTokens} tokens, and no target of the alias "${alias}" is known to take that many. ` +
      'Shorten it, or add a target with a larger context window to the alias in tollgate.jsonc.',
  );
}

export function cannotTruncate(alias: string, keptTokens: number, maxTokens: number): LimitRefusal {
  return tooLong(
    `System prompt, tools and the last instruction alone have about ${keptTokens} tokens, and the alias "${alias}" takes ${maxTokens}. ` +
      'Leaving out older messages does not help: shorten these, or raise "maxInputTokens" of the alias in tollgate.jsonc.',
  );
}

export function notAConversation(alias: string, inputTokens: number, maxTokens: number): LimitRefusal {
  return tooLong(
    `The prompt has about ${inputTokens} tokens, and the alias "${alias}" takes ${maxTokens}. ` +
      'Only conversations (a list of messages or items) can be shortened for you: shorten the prompt, or raise "maxInputTokens".',
  );
}

function tooLong(message: string): LimitRefusal {
  return { kind: 'refused', status: 400, code: 'context_length_exceeded', message };
}
