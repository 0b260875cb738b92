import { ecmaEscapes } from './ecmaEscapes.ts';
import type { LanguageTable, NodeKind, NodeRole } from './languageTable.ts';

/** What JavaScript and TypeScript share. */
const kinds: Readonly<Record<string, NodeRole | NodeKind>> = {
  string: 'string',
  template_string: 'string',
  template_substitution: 'hole',
  binary_expression: 'binary',
  ternary_expression: 'ternary',
  comment: 'comment',
  html_comment: 'comment',
  regex: 'comment',
  call_expression: 'call',
  new_expression: 'call',
  arguments: 'arguments',
  pair: { role: 'pair', value: 'value' },
  object: 'object',
  array: 'list',
  variable_declarator: { role: 'assignment', value: 'value' },
  assignment_expression: { role: 'assignment', value: 'right' },
  augmented_assignment_expression: { role: 'assignment', value: 'right' },
  field_definition: { role: 'assignment', value: 'value' },
  assignment_pattern: { role: 'parameter', value: 'right' },
  object_assignment_pattern: { role: 'parameter', value: 'right' },
  return_statement: 'return',
  yield_expression: 'return',
  arrow_function: { role: 'lambda', value: 'body' },
  function_expression: 'lambda',
  function_declaration: 'function',
  generator_function_declaration: 'function',
  method_definition: 'function',
  class_declaration: 'class',
  class: 'class',
  member_expression: 'member',
  subscript_expression: { role: 'subscript', value: 'object' },
  switch_case: 'case',
  for_in_statement: { role: 'loop', value: 'right' },
  throw_statement: 'raise',
  import_statement: 'import',
  decorator: 'decorator',
  expression_statement: 'statement',
  statement_block: 'block',
  class_body: 'block',
  program: 'block',
  identifier: 'identifier',
  property_identifier: 'identifier',
  shorthand_property_identifier: 'identifier',
  parenthesized_expression: 'transparent',
  await_expression: 'transparent',
  spread_element: 'transparent',
  export_statement: 'transparent',
  sequence_expression: 'transparent',
};

const jsxKinds: Readonly<Record<string, NodeRole | NodeKind>> = {
  jsx_element: 'element',
  jsx_fragment: 'element',
  jsx_self_closing_element: 'elementTag',
  jsx_opening_element: 'elementTag',
  jsx_closing_element: 'elementTag',
  jsx_text: 'elementText',
  jsx_attribute: 'attribute',
  jsx_expression: 'transparent',
};

const typeScriptKinds: Readonly<Record<string, NodeRole | NodeKind>> = {
  public_field_definition: { role: 'assignment', value: 'value' },
  required_parameter: { role: 'parameter', value: 'value' },
  optional_parameter: { role: 'parameter', value: 'value' },
  abstract_class_declaration: 'class',
  literal_type: 'type',
  template_literal_type: 'type',
  type_annotation: 'type',
  type_arguments: 'type',
  type_alias_declaration: 'type',
  interface_declaration: 'type',
  enum_assignment: 'enum',
  as_expression: 'transparent',
  satisfies_expression: 'transparent',
  non_null_expression: 'transparent',
  type_assertion: 'transparent',
};

const shared = {
  escapes: ecmaEscapes,
  quotes: `"'\``,
  textMethods: new Set([
    'trim',
    'trimStart',
    'trimEnd',
    'replace',
    'replaceAll',
    'concat',
    'toString',
    'format',
    'join',
    'filter',
    'flat',
  ]),
  textCalls: {
    dedent: 'dedent',
    outdent: 'dedent',
    stripIndent: 'dedent',
    stripIndents: 'dedent',
    String: 'same',
    raw: 'same',
  },
} as const;

export const javaScript: LanguageTable = {
  ...shared,
  languageIds: ['javascript', 'javascriptreact'],
  grammar: 'javascript',
  kinds: { ...kinds, ...jsxKinds },
};

export const typeScript: LanguageTable = {
  ...shared,
  languageIds: ['typescript'],
  grammar: 'typescript',
  kinds: { ...kinds, ...typeScriptKinds },
};

export const tsx: LanguageTable = {
  ...shared,
  languageIds: ['typescriptreact'],
  grammar: 'tsx',
  kinds: { ...kinds, ...typeScriptKinds, ...jsxKinds },
};
