import { isObject } from '../crawler/json.ts';
import type { ToolCall } from '../policy/evaluate.ts';
import { isApproval, questionAbout } from './ask.ts';
import type { World } from './enforcement.ts';
import { ASK_TIMEOUT_MS, MAX_OPEN_QUESTIONS } from './limits.ts';
import type { Message, Params, Request } from './message.ts';

/**
 * Questions in the way of protocol version 2026-07-28, where nobody but the client sends requests: the call is answered
 * with what is still needed, and made again with the user's answer (multi round-trip requests).
 */
export interface Questions {
  /** The answer to a call that asks its client's user. */
  ask(
    request: Request,
    call: ToolCall,
    bound: { fingerprint: string; server: string; reason: string },
  ): Message;
  /**
   * The call as it was before it was asked about, with the answer; undefined for a call that brings no answer of ours.
   * An answer counts once, for the call that was asked about, and for minutes.
   */
  take(
    request: Request,
    /** Asked for only where there is an answer: it is a hash over all of the arguments. */
    fingerprint: () => string,
  ): { request: Request; approved: boolean } | undefined;
}

const MARK = 'catalogue-gateway:';
const KEY = 'catalogue-approval';

interface Open {
  fingerprint: string;
  expires: number;
  /** What the call itself had brought along for the server. */
  kept: Params;
}

/** Questions are kept in memory: whoever answers after a restart is asked again. */
export function createQuestions({ now, randomId }: World): Questions {
  const open = new Map<string, Open>();
  return {
    ask(request, call, { fingerprint, server, reason }) {
      const [oldest] = open.keys();
      if (oldest !== undefined && open.size >= MAX_OPEN_QUESTIONS) open.delete(oldest);
      const state = `${MARK}${randomId()}`;
      const { inputResponses, requestState } = request.params ?? {};
      const kept = {
        ...(inputResponses !== undefined && { inputResponses }),
        ...(requestState !== undefined && { requestState }),
      };
      open.set(state, { fingerprint, expires: now() + ASK_TIMEOUT_MS, kept });
      const question = { method: 'elicitation/create', params: questionAbout(call, server, reason) };
      const result = {
        resultType: 'input_required',
        inputRequests: { [KEY]: question },
        requestState: state,
      };
      return { kind: 'result', id: request.id, result };
    },
    take(request, fingerprint) {
      const { inputResponses, requestState, ...rest } = request.params ?? {};
      if (typeof requestState !== 'string' || !requestState.startsWith(MARK)) return undefined;
      const found = open.get(requestState);
      open.delete(requestState);
      const valid = found !== undefined && found.fingerprint === fingerprint() && now() < found.expires;
      const answer =
        isObject(inputResponses) && Object.hasOwn(inputResponses, KEY) ? inputResponses[KEY] : undefined;
      return {
        request: { ...request, params: { ...rest, ...found?.kept } },
        approved: valid && isApproval(answer),
      };
    },
  };
}
