/*
 * Sums beside the rows, so that a month of a million calls is read as some thousand cells. A cell is one hour or one day (UTC)
 * of a subject: of a topic (what calls are for), or of a user (for whom). Each property that tells cells apart multiplies
 * them, and end users come in hundreds, so pairs of a topic and a user are kept apart, for questions that ask for both.
 *
 * As every migration this is not edited after a release; later columns are a migration of their own.
 */

/** Money is kept in two parts, because 64 bits of picodollars end at $9.2 million. */
const parts = (money: string, name: string): string =>
  `COALESCE(SUM((${money}) / 1000000000), 0) AS ${name}_milli_usd, COALESCE(SUM((${money}) % 1000000000), 0) AS ${name}_pico_usd`;

/** Of rows of `ledger_call`. */
export const callSums = `COUNT(*) AS calls, SUM(metered = 0) AS unmetered, SUM(status >= 400) AS failed,
  SUM(cache IN ('hitExact', 'hitWording', 'hitSemantic', 'joined') AND saved_pico_usd IS NULL) AS unpriced_hits,
  SUM(cache = 'hitExact') AS hit_exact, SUM(cache = 'hitWording') AS hit_wording, SUM(cache = 'hitSemantic') AS hit_semantic,
  SUM(cache = 'joined') AS joined, SUM(cache = 'shadowExact') AS shadow_exact, SUM(cache = 'shadowWording') AS shadow_wording,
  SUM(cache = 'shadowSemantic') AS shadow_semantic, SUM(cache = 'miss') AS miss, SUM(cache = 'bypass') AS bypass,
  ${parts("CASE WHEN cache IN ('hitExact', 'hitWording', 'hitSemantic', 'joined') THEN saved_pico_usd END", 'saved')},
  ${parts("CASE WHEN cache IN ('shadowExact', 'shadowWording', 'shadowSemantic') THEN saved_pico_usd END", 'shadow_saved')}`;

/** Of rows of `ledger_attempt`. */
export const attemptSums = `COUNT(*) AS attempts, SUM(cost_status = 'unpriced') AS unpriced, SUM(cost_status = 'estimated') AS estimated,
  SUM(demo) AS demo,
  SUM(input + cache_read + cache_write_5m + cache_write_1h + input_audio + input_image) AS input_tokens,
  SUM(output + reasoning + output_audio + output_image) AS output_tokens,
  ${parts('cost_pico_usd', 'cost')}`;

const ofCalls = [
  ...['calls', 'unmetered', 'failed', 'unpriced_hits', 'hit_exact', 'hit_wording', 'hit_semantic', 'joined'],
  ...['shadow_exact', 'shadow_wording', 'shadow_semantic', 'miss', 'bypass'],
  ...['saved_milli_usd', 'saved_pico_usd', 'shadow_saved_milli_usd', 'shadow_saved_pico_usd'],
];
const ofAttempts = [
  ...['attempts', 'unpriced', 'estimated', 'demo', 'input_tokens', 'output_tokens', 'cost_milli_usd', 'cost_pico_usd'],
];
const sums = [...ofCalls, ...ofAttempts];
const none = (columns: readonly string[]): string => columns.map((column) => `0 AS ${column}`).join(', ');

const cells = (table: string, columns: readonly string[]): string => `
CREATE TABLE ${table} (
  ${[...columns, ...sums].map((column) => `${column} INTEGER NOT NULL`).join(',\n  ')},
  PRIMARY KEY (${columns.join(', ')})
) STRICT, WITHOUT ROWID;`;

const added = (prefix: string): string => sums.map((column) => `SUM(${prefix}.${column})`).join(', ');
const properties = ['user_pseudonym', 'model', 'feature', 'branch', 'call_site'];
const ofTopic = ['model', 'feature', 'branch', 'call_site'];
const ofUser = ['user_pseudonym'];

const subjectOf = (alias: string, shape: string, told: readonly string[]): string =>
  `ledger_subject AS ${alias} ON ${alias}.workspace_id = p.workspace_id AND ${alias}.shape = '${shape}'
    AND ${told.map((property) => `${alias}.${property} IS p.${property}`).join(' AND ')}`;

/** What is summed of the rows written so far, for one shape. */
function fill(shape: string, told: readonly string[]): string {
  const kept = properties.map((property) => (told.includes(property) ? property : 'NULL')).join(', ');
  return `
INSERT INTO ledger_subject (shape, workspace_id, ${properties.join(', ')})
  SELECT DISTINCT '${shape}', workspace_id, ${kept} FROM temp.ledger_part;
INSERT INTO ledger_hour (hour, subject, ${sums.join(', ')})
  SELECT p.hour, s.id, ${added('p')} FROM temp.ledger_part AS p JOIN ${subjectOf('s', shape, told)} GROUP BY 1, 2;`;
}

export const rollupMigration = `
CREATE TABLE ledger_subject (
  id INTEGER PRIMARY KEY,
  shape TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  ${properties.map((property) => `${property} TEXT`).join(',\n  ')}
) STRICT;
CREATE INDEX ledger_subject_properties ON ledger_subject (workspace_id, shape, ${properties.join(', ')});
${cells('ledger_hour', ['hour', 'subject'])}
${cells('ledger_day', ['subject', 'day'])}
${cells('ledger_pair_hour', ['hour', 'topic', 'user'])}
${cells('ledger_pair_day', ['topic', 'day', 'user'])}
ALTER TABLE ledger_call ADD COLUMN topic INTEGER;
CREATE TEMP TABLE ledger_part AS
  SELECT workspace_id, NULLIF(user_pseudonym, '') AS user_pseudonym, NULLIF(answer_model, '') AS model,
    NULLIF(feature, '') AS feature, NULLIF(branch, '') AS branch, NULLIF(call_site, '') AS call_site,
    started_at_ms / 3600000 AS hour, ${callSums}, ${none(ofAttempts)}
  FROM ledger_call GROUP BY 1, 2, 3, 4, 5, 6, 7;
INSERT INTO temp.ledger_part
  SELECT c.workspace_id, NULLIF(c.user_pseudonym, ''), a.provider || '/' || a.model,
    NULLIF(c.feature, ''), NULLIF(c.branch, ''), NULLIF(c.call_site, ''),
    c.started_at_ms / 3600000, ${none(ofCalls)}, ${attemptSums}
  FROM ledger_attempt AS a JOIN ledger_call AS c ON c.id = a.call_id GROUP BY 1, 2, 3, 4, 5, 6, 7;
${fill('topic', ofTopic)}
${fill('user', ofUser)}
INSERT INTO ledger_pair_hour (hour, topic, user, ${sums.join(', ')})
  SELECT p.hour, t.id, u.id, ${added('p')} FROM temp.ledger_part AS p
  JOIN ${subjectOf('t', 'topic', ofTopic)}
  JOIN ${subjectOf('u', 'user', ofUser)}
  GROUP BY 1, 2, 3;
INSERT INTO ledger_day (subject, day, ${sums.join(', ')})
  SELECT h.subject, h.hour / 24, ${added('h')} FROM ledger_hour AS h GROUP BY 1, 2;
INSERT INTO ledger_pair_day (topic, day, user, ${sums.join(', ')})
  SELECT h.topic, h.hour / 24, h.user, ${added('h')} FROM ledger_pair_hour AS h GROUP BY 1, 2, 3;
UPDATE ledger_call SET topic = (
  SELECT id FROM ledger_subject AS s WHERE s.workspace_id = ledger_call.workspace_id AND s.shape = 'topic'
    AND s.user_pseudonym IS NULL AND s.model IS NULLIF(answer_model, '')
    AND s.feature IS NULLIF(ledger_call.feature, '') AND s.branch IS NULLIF(ledger_call.branch, '')
    AND s.call_site IS NULLIF(ledger_call.call_site, ''));
CREATE INDEX ledger_call_topic ON ledger_call (topic, started_at_ms);
CREATE INDEX ledger_call_user ON ledger_call (workspace_id, user_pseudonym, started_at_ms) WHERE user_pseudonym IS NOT NULL;
DROP TABLE temp.ledger_part;
`;
