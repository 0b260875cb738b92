import type { DatabaseSync } from 'node:sqlite';
import { callOf } from '../callColumns.ts';
import type { SpendReader } from '../readSpend.ts';
import type { SpendWindow } from '../rollup/readRollup.ts';
import type { Dimension, SpendFilter } from '../rollup/spendFilter.ts';
import { groupsBy, spendOf } from '../spendSums.ts';
import { createNewestCalls } from './newestCalls.ts';
import type { OverviewQuery, SpendOverview } from './overview.ts';
import { createLatencyReader } from './readLatency.ts';
import { seriesOf } from './seriesOf.ts';

export interface OverviewReader {
  read(query: OverviewQuery): SpendOverview;
}

/** More are neither read in a table nor found in a menu. */
const mostGroups = 50;

/** Answers the panel's questions; each is one statement whose time does not grow with the rows but with the cells. */
export function createOverviewReader(database: DatabaseSync, reader: SpendReader): OverviewReader {
  const newestCalls = createNewestCalls(database);
  const latency = createLatencyReader(database);

  const groupsOf = (window: SpendWindow, filter: SpendFilter, by: Dimension) =>
    groupsBy(reader.sums(window, filter, [by]), (cell) => cell[by]);

  const lastCalls = (query: OverviewQuery) =>
    newestCalls(query, query.filter, query.lastCalls).map((row) => {
      const call = callOf(row);
      return { call, attempts: reader.attemptsOf(call.id) };
    });

  const choices = (window: SpendWindow): Record<Dimension, string[]> => {
    const cells = reader.sums(window, {}, ['model', 'feature', 'branch', 'callSite']);
    const users = reader.sums(window, {}, ['user']);
    const of = (dimension: Dimension): string[] =>
      groupsBy(dimension === 'user' ? users : cells, (cell) => cell[dimension])
        .slice(0, mostGroups)
        .map(({ key }) => key ?? '');
    return {
      model: of('model'),
      feature: of('feature'),
      user: of('user'),
      branch: of('branch'),
      callSite: of('callSite'),
    };
  };

  return {
    read: (query) => {
      const { workspaceId, fromMs, toMs, by, filter, bucket } = query;
      const cells = reader.sums(query, filter, ['model', 'feature']);
      const groups = by === 'user' ? groupsOf(query, filter, by) : groupsBy(cells, (cell) => cell[by]);
      return {
        spend: { workspaceId, fromMs, toMs, ...spendOf(cells), lastCalls: lastCalls(query) },
        by,
        groups: groups.slice(0, mostGroups),
        groupsLeftOut: Math.max(0, groups.length - mostGroups),
        series: seriesOf(reader.series(query, filter, by, bucket), fromMs, toMs, bucket),
        latency: latency(query, filter),
        choices: choices(query),
      };
    },
  };
}
