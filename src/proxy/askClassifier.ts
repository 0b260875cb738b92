import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { classifierQuestion, levelIn } from '../routing/classifierQuestion.ts';
import type { PromptLevel } from '../routing/classifyPrompt.ts';
import type { RoutingQuestion } from '../routing/createRouter.ts';
import { answerPartsOf } from '../wire/answerParts.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { Call } from './call.ts';
import { askOwn, type OwnCallParts } from './ownCall.ts';

/** What a model has said about how hard a prompt is. */
export type ClassifierVerdict =
  | { readonly kind: 'level'; readonly level: PromptLevel['level']; readonly isRemembered: boolean }
  | { readonly kind: 'failed'; readonly because: string };

export interface Classifier {
  /** Never throws, and never takes longer than its timeout: the rules decide then. */
  judge(call: Call, request: ParsedRequest, meantFor: string, question: RoutingQuestion): Promise<ClassifierVerdict>;
}

export const classifierPurpose = 'tollgate:classifier';

const remembered = 5000;

/** Asks the alias that `router.classifier.use` names; once per prompt, also for those who ask the same at the same time. */
export function createClassifier(parts: OwnCallParts): Classifier {
  const verdicts = new LRUCache<string, Promise<ClassifierVerdict>>({ max: remembered });

  return {
    async judge(call, request, meantFor, question) {
      const { use, timeoutMs } = call.config.router.classifier;
      if (use === undefined) return { kind: 'failed', because: 'noAlias' };
      const key = hash('sha256', JSON.stringify([question.workspaceId, use, question.instructions.last]), 'base64url');
      const known = verdicts.get(key);
      if (known !== undefined) {
        const verdict = await known;
        return verdict.kind === 'level' ? { ...verdict, isRemembered: true } : verdict;
      }
      const timeout = AbortSignal.timeout(timeoutMs);
      const asking = ask(call, request, meantFor, question, use, AbortSignal.any([call.request.signal, timeout]));
      verdicts.set(key, asking);
      const verdict = await asking;
      // What failed may work the next time.
      if (verdict.kind === 'failed') verdicts.delete(key);
      return verdict;
    },
  };

  async function ask(
    call: Call,
    { dialect }: ParsedRequest,
    meantFor: string,
    question: RoutingQuestion,
    alias: string,
    signal: AbortSignal,
  ): Promise<ClassifierVerdict> {
    const endpoint = dialect === 'anthropic' ? 'messages' : 'chat.completions';
    const { task: _task, callSite: _callSite, ...attribution } = call.facts.attribution;
    const asking = askOwn(
      call,
      {
        purpose: classifierPurpose,
        alias,
        endpoint,
        body: classifierQuestion(question.instructions.last, dialect),
        attribution,
        config: call.config,
        meantFor,
        signal,
      },
      parts,
    );
    // Its row is written when it has ended, whoever still waits for it.
    call.background(asking.then(() => undefined));
    const answer = await Promise.race([asking, ended(signal)]);
    if (answer === undefined) return { kind: 'failed', because: 'timeout' };
    if (answer.kind === 'failed') return { kind: 'failed', because: answer.because };
    const level = levelIn(answerPartsOf(endpoint, answer.reply).texts.join('\n'));
    return level === undefined
      ? { kind: 'failed', because: 'notUnderstood' }
      : { kind: 'level', level, isRemembered: false };
  }
}

function ended(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
