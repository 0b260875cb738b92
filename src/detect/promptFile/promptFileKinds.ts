import type { TemplateStyle } from './findPlaceholders.ts';

/**
 * `dotprompt` is Genkit's and Continue's; `command` a prompt or agent that an editor or Claude Code runs by its name;
 * `memory` instructions that go along with every session; `template` any other template, with or without a header.
 */
export type PromptFileKind = 'dotprompt' | 'prompty' | 'command' | 'memory' | 'template' | 'baml' | 'poml';

/** How a kind of prompt file is read. */
export interface PromptFileReader {
  /** Which keys of the header select the model. */
  readonly models: RegExp;
  /**
   * The header names models by the names of a tool (`sonnet`, `inherit`, `GPT-5 (copilot)`), which are ids only by
   * chance: only what is known or shaped like an id counts.
   */
  readonly toolNames?: true;
  readonly style: TemplateStyle;
  /** The text is sent once per session of a tool, and not once per call. */
  readonly perSession?: true;
  readonly role?: 'system' | 'user';
}

/** Files with a header and a body. */
export const promptFileReaders: Readonly<Record<Exclude<PromptFileKind, 'baml' | 'poml'>, PromptFileReader>> = {
  dotprompt: { models: /^(?:model|config\.model|candidates\.model)$/, style: 'template', role: 'user' },
  prompty: {
    models:
      /^model(?:\.(?:id|name|model)|\.configuration\.(?:azure_deployment|name|model)|\.parameters\.model|\.options\.model)?$/,
    style: 'roleLines',
    role: 'user',
  },
  command: { models: /^model$/, toolNames: true, style: 'inputs', role: 'user' },
  memory: { models: /^model$/, toolNames: true, style: 'inputs', perSession: true, role: 'system' },
  template: { models: /^(?:model|config\.model|model\.id)$/, style: 'template' },
};
