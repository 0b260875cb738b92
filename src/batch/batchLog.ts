export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A constant message and named fields; never prompt text, answers or keys. */
export interface BatchLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
