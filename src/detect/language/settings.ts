import { ecmaEscapes } from './ecmaEscapes.ts';
import type { LanguageTable, SettingStyle } from './languageTable.ts';

// Languages of data. They are read by key path, so that most of a table for code stays empty.

const noCode = { escapes: ecmaEscapes, quotes: '', textMethods: new Set<string>(), textCalls: {} } as const;

const data = (
  settings: SettingStyle,
  table: Pick<LanguageTable, 'languageIds' | 'grammar' | 'kinds'>,
): LanguageTable => ({
  ...noCode,
  ...table,
  settings,
});

export const json = data('json', {
  languageIds: ['json', 'jsonc'],
  grammar: 'json',
  kinds: {
    document: 'transparent',
    object: 'object',
    pair: { role: 'pair', value: 'value' },
    array: 'list',
    string: 'string',
    comment: 'comment',
  },
});

export const yaml = data('yaml', {
  languageIds: ['yaml', 'dockercompose', 'github-actions-workflow'],
  grammar: 'yaml',
  kinds: {
    stream: 'block',
    document: 'transparent',
    block_node: 'transparent',
    flow_node: 'transparent',
    plain_scalar: 'transparent',
    block_mapping: 'object',
    flow_mapping: 'object',
    block_mapping_pair: { role: 'pair', value: 'value' },
    flow_pair: { role: 'pair', value: 'value' },
    block_sequence: 'list',
    flow_sequence: 'list',
    block_sequence_item: 'transparent',
    string_scalar: 'string',
    double_quote_scalar: 'string',
    single_quote_scalar: 'string',
    block_scalar: 'string',
    comment: 'comment',
  },
});

export const toml = data('toml', {
  languageIds: ['toml'],
  grammar: 'toml',
  kinds: {
    document: 'object',
    table: 'section',
    table_array_element: 'section',
    inline_table: 'object',
    pair: 'pair',
    array: 'list',
    string: 'string',
    comment: 'comment',
  },
});
