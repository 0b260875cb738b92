import { arrayAt, isJsonObject, type JsonValue, objectAt, stringAt } from './json.ts';
import type { ParsedRequest } from './parsedRequest.ts';

/** What a request brings or asks for besides text. */
export interface RequestTraits {
  readonly tools: boolean;
  readonly images: boolean;
  /** JSON, with a schema or without. */
  readonly structuredOutput: boolean;
}

export function requestTraits({ body }: ParsedRequest): RequestTraits {
  const format = objectAt(body, 'response_format') ?? objectAt(objectAt(body, 'text'), 'format');
  const formatType = stringAt(format, 'type');
  return {
    tools: arrayAt(body, 'tools').length > 0 || arrayAt(body, 'functions').length > 0,
    images: hasImage(body.messages) || hasImage(body.input),
    structuredOutput:
      (formatType !== undefined && formatType !== 'text') ||
      objectAt(objectAt(body, 'output_config'), 'format') !== undefined,
  };
}

const imageTypes = new Set(['image', 'image_url', 'input_image']);

/** Image parts stand in the content of a message, or in that of a tool result in it. */
function hasImage(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasImage);
  if (!isJsonObject(value)) return false;
  return imageTypes.has(stringAt(value, 'type') ?? '') || hasImage(value.content) || hasImage(value.output);
}
