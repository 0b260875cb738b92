import { ledgerSchema } from '../ledger/ledgerSchema.ts';
import { openStore } from '../store/openStore.ts';
import type { Schema, Store } from '../store/store.ts';
import type { Notice } from './api.ts';
import { databaseMovedAside, identityMovedAside } from './errors.ts';
import type { Home } from './home.ts';
import { type Identity, openIdentity } from './identity.ts';
import { newToken } from './randomToken.ts';
import { workspaceSchema } from './workspaces.ts';

export interface ServiceData {
  readonly store: Store;
  readonly identity: Identity;
  /** What the user should know about how they were found. */
  readonly notices: readonly Notice[];
}

/**
 * Opens what a home keeps. The caller holds the home's lock. Throws `StoreError`.
 * @param schemas the tables of the other rooms
 */
export function openData(home: Home, schemas: readonly Schema[], clock: () => number): ServiceData {
  const store = openStore({ path: home.databasePath, schemas: [ledgerSchema, workspaceSchema, ...schemas], clock });
  const identity = openIdentity({ path: home.identityPath, newToken, clock });
  const notices: Notice[] = [];
  if (store.movedAside !== undefined) notices.push(databaseMovedAside(store.movedAside));
  if (identity.movedAside !== undefined) notices.push(identityMovedAside(identity.movedAside));
  return { store, identity, notices };
}
