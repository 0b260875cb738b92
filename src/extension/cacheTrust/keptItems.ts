import type { KeptAnswer, KeptAnswers } from '../../service/api.ts';
import type { Translate } from '../translate.ts';

/** A kept answer as one entry of a list. */
export interface KeptItem {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** What can be cleared; absent fields do not narrow. */
export interface ClearItem {
  readonly label: string;
  readonly description: string;
  readonly model?: string;
  readonly session?: string;
}

const longestLabel = 120;

/** @param nowMs milliseconds since 1970 */
export function keptItems(answers: readonly KeptAnswer[], nowMs: number, t: Translate): KeptItem[] {
  return answers.map((kept) => ({
    id: kept.id,
    label: kept.question === undefined ? t('(question not kept)') : oneLine(kept.question, longestLabel),
    description: [
      kept.model,
      ...(kept.session === undefined ? [] : [t('session {0}', shortSession(kept.session))]),
      t('{0} old', age(nowMs - kept.createdAtMs, t)),
      t('served: {0}', kept.hits),
    ].join(' · '),
    detail: kept.answer === undefined ? t('(no text)') : oneLine(kept.answer, 2 * longestLabel),
  }));
}

/** All, by model, and by session. */
export function clearItems({ stats }: Pick<KeptAnswers, 'stats'>, nowMs: number, t: Translate): ClearItem[] {
  const count = (entries: number): string => t('answers: {0}', entries);
  return [
    { label: t('Everything'), description: count(stats.entries) },
    ...stats.models.map(({ model, entries }) => ({
      label: t('Model {0}', model),
      description: count(entries),
      model,
    })),
    ...stats.sessions.map(({ session, entries, lastMs }) => ({
      label: t('Session {0}', shortSession(session)),
      description: `${count(entries)} · ${t('last {0} ago', age(nowMs - lastMs, t))}`,
      session,
    })),
  ];
}

/** The whole of one answer, to be read. */
export function keptText(
  { question, answer, model, createdAtMs, expiresAtMs, hits }: KeptAnswer,
  t: Translate,
): string {
  const time = (ms: number): string => new Date(ms).toISOString();
  return [
    question ?? t('(question not kept)'),
    '',
    '---',
    '',
    answer ?? t('(no text)'),
    '',
    '---',
    '',
    t('{0}, kept {1}, until {2}, served: {3}', model, time(createdAtMs), time(expiresAtMs), hits),
    '',
  ].join('\n');
}

function age(ms: number, t: Translate): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 60) return t('{0} min', minutes);
  return minutes < 48 * 60 ? t('{0} h', Math.round(minutes / 60)) : t('{0} days', Math.round(minutes / 1440));
}

function shortSession(session: string): string {
  return session.length > 12 ? `${session.slice(0, 12)}…` : session;
}

function oneLine(text: string, longest: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
