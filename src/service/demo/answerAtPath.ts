import type { JsonObject } from '../../wire/json.ts';
import type { BodyEndpoint } from '../../wire/parsedRequest.ts';
import { parseRequest } from '../../wire/parseRequest.ts';
import type { DemoAnswer } from './createDemoAnswer.ts';

const endpoints: Readonly<Record<string, BodyEndpoint>> = {
  '/v1/chat/completions': 'chat.completions',
  '/v1/responses': 'responses',
  '/v1/embeddings': 'embeddings',
  '/v1/completions': 'completions',
};

/** The demo provider's answer to a request of one of OpenAI's endpoints. */
export async function answerAtPath(answer: DemoAnswer, path: string, body: JsonObject): Promise<JsonObject> {
  const endpoint = endpoints[path];
  if (endpoint === undefined) throw new Error('the demo provider has no such endpoint');
  const read = parseRequest(endpoint, Buffer.from(JSON.stringify(body)));
  if ('problem' in read) throw new Error(`the demo provider cannot read a request: ${read.problem}`);
  return answer(read.request);
}
