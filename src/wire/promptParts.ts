import { arrayAt, isJsonObject, type JsonObject, type JsonValue, objectAt, stringAt } from './json.ts';

/** The tools of a request: what of them is text, and how much stands between. */
export interface ToolDefinitions {
  readonly texts: readonly string[];
  readonly shapes: readonly { readonly properties: number; readonly choices: number }[];
  /** The model must call one. */
  readonly forced: boolean;
}

const deepestSchema = 8;

/** Reads `tools` and `functions` in the forms of OpenAI and Anthropic; of another form the JSON is the text. */
export function toolsIn(body: JsonObject): ToolDefinitions {
  const texts: string[] = [];
  const shapes: { properties: number; choices: number }[] = [];
  for (const tool of [...arrayAt(body, 'tools'), ...arrayAt(body, 'functions')]) {
    const shape = { properties: 0, choices: 0 };
    shapes.push(shape);
    const definition = isJsonObject(tool) ? (objectAt(tool, 'function') ?? tool) : undefined;
    const name = stringAt(definition, 'name');
    if (definition === undefined || name === undefined) {
      texts.push(JSON.stringify(tool));
      continue;
    }
    texts.push(`${name}:${stringAt(definition, 'description') ?? ''}`);
    const schema = objectAt(definition, 'parameters') ?? objectAt(definition, 'input_schema');
    if (schema !== undefined) readSchema(schema, texts, shape, 0);
  }
  const choice = body.tool_choice;
  const kind = isJsonObject(choice) ? (stringAt(choice, 'type') ?? 'function') : choice;
  return { texts, shapes, forced: kind === 'required' || kind === 'any' || kind === 'tool' || kind === 'function' };
}

function readSchema(
  schema: JsonObject,
  texts: string[],
  shape: { properties: number; choices: number },
  depth: number,
) {
  if (depth > deepestSchema) return;
  for (const [key, property] of Object.entries(objectAt(schema, 'properties') ?? {})) {
    shape.properties++;
    const own = isJsonObject(property) ? property : {};
    texts.push(`${key}:${stringAt(own, 'type') ?? ''}:${stringAt(own, 'description') ?? ''}`);
    for (const choice of arrayAt(own, 'enum')) {
      shape.choices++;
      texts.push(String(choice));
    }
    readSchema(own, texts, shape, depth + 1);
  }
  const items = objectAt(schema, 'items');
  if (items !== undefined) readSchema(items, texts, shape, depth + 1);
}

/** An image of a prompt: its data where they are in the request. */
export interface ImagePart {
  /** A `data:` URL or base64. */
  readonly data?: string;
  readonly detail?: 'low' | 'high' | 'auto';
}

/** The image that a content part is; undefined for other parts. */
export function imagePartOf(part: JsonObject): ImagePart | undefined {
  const { type } = part;
  if (type !== 'image_url' && type !== 'input_image' && type !== 'image') return undefined;
  const image = objectAt(part, 'image_url');
  const url = stringAt(image, 'url') ?? stringAt(part, 'image_url');
  const data = stringAt(objectAt(part, 'source'), 'data') ?? (url?.startsWith('data:') === true ? url : undefined);
  const detail = detailOf(image?.detail ?? part.detail);
  return { ...(data === undefined ? {} : { data }), ...(detail === undefined ? {} : { detail }) };
}

function detailOf(value: JsonValue | undefined): ImagePart['detail'] {
  return value === 'low' || value === 'high' || value === 'auto' ? value : undefined;
}
