/** The language a client or provider speaks. */
export type Dialect = 'openai' | 'anthropic';

/** The parsed endpoints; everything else under a provider is passed through and counted as not metered. */
export type Endpoint =
  | 'chat.completions'
  | 'completions'
  | 'responses'
  | 'embeddings'
  | 'messages'
  | 'messages.count_tokens'
  | 'models';
