import type { Dialect } from './dialect.ts';
import { arrayAt, isJsonObject, type JsonObject, stringAt } from './json.ts';

/** One alias as a client's model picker shows it. */
export interface ListedAlias {
  readonly name: string;
  /** Qualified model ids, in order. */
  readonly targets: readonly string[];
}

/**
 * `GET /models`: the provider's own list, as it came, with the aliases put in front of it; the aliases alone where
 * there is no list. A later page of a paged list (`after_id`) stays as it is.
 */
export function modelList(
  dialect: Dialect,
  aliases: readonly ListedAlias[],
  upstream: JsonObject | undefined,
  query: string,
): JsonObject {
  const isLaterPage = /[?&](?:after_id|before_id|after)=/.test(query);
  const own = isLaterPage ? [] : aliases.map((alias) => entry(dialect, alias));
  const data = [...own, ...arrayAt(upstream, 'data')];
  if (dialect === 'openai') return { object: 'list', ...upstream, data };
  const rest = upstream ?? { has_more: false, last_id: idOf(data.at(-1)) };
  return { ...rest, data, first_id: idOf(data[0]) };
}

/** Anthropic pages by the last id of the provider's own list, so `last_id` is never ours while there is one. */
function idOf(value: unknown): string | null {
  return (isJsonObject(value) ? stringAt(value, 'id') : undefined) ?? null;
}

/** Aliases have no birthday; 0 keeps them out of "newest first". */
function entry(dialect: Dialect, { name, targets }: ListedAlias): JsonObject {
  return dialect === 'openai'
    ? { id: name, object: 'model', created: 0, owned_by: 'tollgate' }
    : { type: 'model', id: name, display_name: `${name} → ${targets.join(', ')}`, created_at: '1970-01-01T00:00:00Z' };
}
