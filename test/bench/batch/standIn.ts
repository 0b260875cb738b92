// The provider of the batch benchmark, in a process of its own: `openai` or `anthropic`. Says its address; at a message
// it lets the batch end, and says when its answers are made.
import { chatAnswer, startScriptedBatchServer } from '../../support/scriptedBatchServer.ts';
import { messageAnswer, startScriptedMessageBatches } from '../../support/scriptedMessageBatches.ts';

const answer = 'The customer asks for a refund of the second invoice; it was paid twice. '.repeat(3);

async function start(): Promise<{ baseUrl: string; end: () => void }> {
  if (process.argv[2] === 'anthropic') {
    const server = await startScriptedMessageBatches({ statuses: ['in_progress'] });
    server.script.result = (request) => messageAnswer(request, answer);
    return { baseUrl: server.baseUrl, end: () => server.script.statuses.splice(0, 1, 'ended') };
  }
  const server = await startScriptedBatchServer({ statuses: ['in_progress'] });
  server.script.result = (line) => chatAnswer(line, answer);
  return { baseUrl: server.baseUrl, end: () => server.script.statuses.splice(0, 1, 'completed') };
}

const { baseUrl, end } = await start();
process.on('message', end);
process.on('disconnect', () => process.exit(0));
process.send?.(baseUrl);
