import type { ServerResponse } from 'node:http';
import type { ServiceEvent } from './api.ts';

export interface EventHubOptions {
  /** What a new subscriber is told first. */
  readonly greet: (workspaceId: string | undefined) => readonly ServiceEvent[];
  /** The present spending of a workspace; undefined when it cannot be read. Never throws. */
  readonly spend: (workspaceId: string) => ServiceEvent | undefined;
  /** Begins a lease; the result ends it. */
  readonly hold: () => () => void;
}

/** Open event streams, each a lease on the service. */
export interface EventHub {
  /** Answers with an event stream that stays open until the client or the service ends. */
  subscribe(response: ServerResponse, workspaceId: string | undefined): void;
  /** Tells the workspace's subscribers, or (undefined) all. */
  publish(workspaceId: string | undefined, event: ServiceEvent): void;
  /** Tells what was spent, soon and at most four times a second. */
  spendChanged(workspaceId: string): void;
  /** Ends every stream. */
  close(): void;
}

const spendIntervalMs = 250;
/** Shorter than the idle limits of clients and of anything in between. */
const heartbeatMs = 15_000;
/** A subscriber that does not read is cut off: its window attaches again. */
const maxUnreadBytes = 4 * 1024 * 1024;

interface Subscriber {
  readonly response: ServerResponse;
  readonly workspaceId: string | undefined;
}

/** Sends events to windows, the panel and the command line. */
export function createEventHub({ greet, spend, hold }: EventHubOptions): EventHub {
  const subscribers = new Set<Subscriber>();
  const spendTimers = new Map<string, NodeJS.Timeout>();
  let spendPauseMs = spendIntervalMs;
  let heartbeat: NodeJS.Timeout | undefined;

  const write = ({ response }: Subscriber, text: string): void => {
    if (response.writableLength > maxUnreadBytes) response.destroy();
    else response.write(text);
  };
  const publish = (workspaceId: string | undefined, event: ServiceEvent): void => {
    const text = frame(event);
    for (const subscriber of subscribers)
      if (workspaceId === undefined || subscriber.workspaceId === workspaceId) write(subscriber, text);
  };
  const publishSpend = (workspaceId: string): void => {
    spendTimers.delete(workspaceId);
    const startedAt = performance.now();
    const event = spend(workspaceId);
    if (event !== undefined) publish(workspaceId, event);
    // A long day's sums must not take more than a twentieth of the time that calls are served in.
    spendPauseMs = Math.max(spendIntervalMs, 20 * (performance.now() - startedAt));
  };
  const spendChanged = (workspaceId: string): void => {
    if (spendTimers.has(workspaceId)) return;
    if (![...subscribers].some((subscriber) => subscriber.workspaceId === workspaceId)) return;
    spendTimers.set(
      workspaceId,
      setTimeout(() => publishSpend(workspaceId), spendPauseMs),
    );
  };
  const remove = (subscriber: Subscriber): void => {
    subscribers.delete(subscriber);
    if (subscribers.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  };

  return {
    subscribe: (response, workspaceId) => {
      const release = hold();
      const subscriber = { response, workspaceId };
      subscribers.add(subscriber);
      response.once('close', () => {
        remove(subscriber);
        release();
      });
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      for (const event of greet(workspaceId)) response.write(frame(event));
      heartbeat ??= setInterval(() => {
        for (const each of subscribers) write(each, ':\n\n');
      }, heartbeatMs);
    },
    publish,
    spendChanged,
    close: () => {
      for (const timer of spendTimers.values()) clearTimeout(timer);
      spendTimers.clear();
      for (const { response } of subscribers) response.end();
    },
  };
}

/** JSON has no raw line breaks, so one `data:` line is enough. */
function frame(event: ServiceEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
