/** A command that asks a model. To add one, add a row. */
export interface ShellCommand {
  readonly name: RegExp;
  /** The word before a model that stands without a flag: `ollama run llama3.2`. */
  readonly modelAfter?: string;
}

/** Commands whose arguments of several words are prompts. */
export const askingCommands: readonly ShellCommand[] = [
  { name: /^ollama$/, modelAfter: 'run' },
  {
    name: /^(?:llm|sgpt|mods|aichat|chatgpt|claude|codex|gemini|opencode|goose|copilot|tgpt|fabric|openai|aider|qwen)$/,
  },
];

/** Flags of such commands whose value is sent; every other flag's value is not. */
export const sentFlag =
  /^(?:-p|-s|-q|--prompt|--system|--system-prompt|--append-system-prompt|--query|--message|--print|-e|--exec)$/;

/** Flags of commands that send a body over HTTP. */
export const bodyFlag = /^(?:-d|--data(?:-raw|-binary|-ascii|-urlencode)?|--json|--body-data|--post-data|--raw|-b)$/;

/** Flags that take no value: what follows them is an argument of the command. */
export const plainFlag = /^(?:--no-stream|--stream|-i|-c|--continue|--verbose|--yes|--print|-p|exec|run|chat|prompt)$/;
