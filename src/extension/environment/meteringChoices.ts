import type { ExtensionContext } from 'vscode';
import { type ProviderName, providerVariables } from './providerVariables.ts';

export type ChoiceStore = Pick<ExtensionContext['workspaceState'], 'get' | 'update'>;

/** `on`: inject. `never`: do not ask again. Undefined: not answered yet. */
export type MeteringChoice = 'on' | 'never' | undefined;

/** What the user decided for this workspace. */
export interface MeteringChoices {
  choice(): MeteringChoice;
  setChoice(choice: MeteringChoice): Promise<void>;
  /** Base URLs the user made a provider's upstream. */
  confirmedUpstreams(): Readonly<Partial<Record<ProviderName, string>>>;
  confirmUpstream(provider: ProviderName, baseUrl: string): Promise<void>;
  /** Base URLs that the user was told about, and left as they are. */
  isDismissed(baseUrl: string): boolean;
  dismiss(baseUrl: string): Promise<void>;
  /** Names what this workspace's terminals do together; renewed once a day. */
  session(nowMs: number, createId: () => string): Promise<string>;
}

const choiceKey = 'tollgate.metering';
const upstreamsKey = 'tollgate.confirmedUpstreams';
const dismissedKey = 'tollgate.dismissedBaseUrls';
const sessionKey = 'tollgate.session';
const sessionMs = 24 * 3_600_000;

export function createMeteringChoices(state: ChoiceStore): MeteringChoices {
  const dismissed = (): readonly string[] => {
    const stored = state.get<unknown>(dismissedKey);
    return Array.isArray(stored) ? stored.filter((url) => typeof url === 'string') : [];
  };
  const confirmedUpstreams = (): Partial<Record<ProviderName, string>> => {
    const stored = state.get<unknown>(upstreamsKey);
    const confirmed: Partial<Record<ProviderName, string>> = {};
    for (const { provider } of providerVariables) {
      const url = isRecord(stored) ? stored[provider] : undefined;
      if (typeof url === 'string') confirmed[provider] = url;
    }
    return confirmed;
  };
  return {
    choice() {
      const stored = state.get<unknown>(choiceKey);
      return stored === 'on' || stored === 'never' ? stored : undefined;
    },
    setChoice: async (choice) => state.update(choiceKey, choice),
    confirmedUpstreams,
    confirmUpstream: async (provider, baseUrl) =>
      state.update(upstreamsKey, { ...confirmedUpstreams(), [provider]: baseUrl }),
    isDismissed: (baseUrl) => dismissed().includes(baseUrl),
    dismiss: async (baseUrl) => state.update(dismissedKey, [...new Set([...dismissed(), baseUrl])]),
    async session(nowMs, createId) {
      const stored = state.get<unknown>(sessionKey);
      if (isRecord(stored) && typeof stored.id === 'string' && typeof stored.startedAtMs === 'number') {
        // The same over a reload: open terminals hold it, and another one would mark them as out of date.
        if (nowMs - stored.startedAtMs < sessionMs) return stored.id;
      }
      const id = createId();
      await state.update(sessionKey, { id, startedAtMs: nowMs });
      return id;
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
