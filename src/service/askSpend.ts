import { daysBefore, type SpendPeriod, spendText } from '../ledger/spendText.ts';
import type { ControlClient } from './controlClient.ts';
import { startOfDay } from './startOfDay.ts';

/** What a workspace spent in a period, in words. Rejects with `ControlFailed`. */
export async function askSpend(
  client: Pick<ControlClient, 'spend'>,
  workspaceId: string,
  period: SpendPeriod,
  nowMs: number,
): Promise<string> {
  const fromMs = startOfDay(nowMs, -daysBefore[period]);
  return spendText(await client.spend({ workspaceId, fromMs, toMs: startOfDay(nowMs, 1), lastCalls: 1 }), period);
}
