import type { Span, StaticPart } from '../finding.ts';

/** A text of a settings document: `model: gpt-4o`. */
export interface SettingText {
  readonly kind: 'text';
  /** Without quotes, or the lines of a block. */
  readonly span: Span;
  /** With quotes, or with the sign that begins a block. */
  readonly literal: Span;
  /** Decoded value with what is filled in later. */
  readonly text: string;
  /** Decoded value in pieces, without what is filled in later. */
  readonly parts: readonly StaticPart[];
  readonly holes: readonly Span[];
}

export interface SettingList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Setting[];
}

export interface SettingEntry {
  readonly key: string;
  /** Undefined for numbers, booleans and nothing. */
  readonly value: Setting | undefined;
  /** Source of the value, its first 80 characters. */
  readonly source: string;
}

export interface SettingMap {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: readonly SettingEntry[];
}

/** A value in a settings document. */
export type Setting = SettingText | SettingList | SettingMap;
