import { isObject } from '../crawler/json.ts';
import { errorText } from '../crawler/text.ts';
import type { ToolCall } from '../policy/evaluate.ts';
import { fingerprintOf } from './ask.ts';
import type { Reservation } from './contract.ts';
import type { Definitions, FetchPage } from './definitions.ts';
import type { Enforcement, Told } from './enforcement.ts';
import { isLenient } from './gate.ts';
import { type Judgement, judgeCall, limitReached } from './judge.ts';
import { CODE, lookalikeKey, type Message, quoted, type Request, toolError } from './message.ts';
import type { Rules } from './rules.ts';

/** How the server took a forwarded call. `untouched`: it failed before it did anything. */
export type Outcome = 'ok' | 'error' | 'untouched';

/** What a session does for the call that is being decided. */
export interface CallDesk {
  enforcement: Enforcement;
  caller: { grant: string; session: string; server: string };
  definitions: Definitions;
  fetchPage: FetchPage;
  /** Sends the call to the server; `settle` is called once, when it is answered or never will be. */
  forward(request: Request, settle: (outcome: Outcome) => void): void;
  answer(message: Message): void;
  refuse(request: Request, code: number, rule: string, message: string): void;
  /**
   * Asks the client's user: whether the call may be made, undefined when there is no asking, and `asked` when the
   * question has been given as the answer to the call.
   */
  ask(
    request: Request,
    call: ToolCall,
    rules: Rules,
    message: string,
  ): Promise<boolean> | 'asked' | undefined;
  /** Whether the client has taken the call back. */
  isCancelled(): boolean;
  tell(told: Told): void;
}

const PARAMETERS = ['name', 'arguments', '_meta', 'task', 'inputResponses', 'requestState'];

/**
 * The tool and the arguments of a call; a text that says what is wrong with it instead. `strict`: with a parameter that
 * the protocol's revisions known here do not have, nobody knows what is called.
 */
function readCall({ params }: Request, strict: boolean): ToolCall | string {
  if (params === undefined) return 'A call needs the name of a tool.';
  const odd = lookalikeKey(params, PARAMETERS);
  if (odd !== undefined) return `The parameter ${quoted(odd)} looks like a known one, and is not it.`;
  const unknown = strict ? Object.keys(params).find((key) => !PARAMETERS.includes(key)) : undefined;
  if (unknown !== undefined)
    return `The parameter ${quoted(unknown)} is not known, and the policy denies those.`;
  const { name, arguments: args = {} } = params;
  if (typeof name !== 'string') return 'The name of the tool must be a text.';
  if (!isObject(args)) return 'The arguments must be an object.';
  return { tool: name, args };
}

/** A person's yes, and what it was a yes to. */
interface Approved {
  policyHash: string;
  /** Names an approval that is given back when the call was not made. */
  id?: string;
}

/** Decides one call and lets it through or answers it. Never rejects; what needs no waiting is done at once. */
export function handleCall(desk: CallDesk, arrived: Request): Promise<void> | undefined {
  const { enforcement, caller } = desk;
  const begun = enforcement.world.elapsed();
  const strict = enforcement.rules().document.methods?.unknown === 'deny' && !isLenient(enforcement);
  const call = readCall(arrived, strict);
  if (typeof call === 'string') {
    desk.refuse(arrived, CODE.params, '(parameters)', call);
    return undefined;
  }
  const policyHash = enforcement.rules().hash;
  const answered = enforcement.questions.take(arrived, () => fingerprintOf(call, policyHash, caller));
  const decider = createDecider(desk, answered?.request ?? arrived, call, begun);
  if (answered?.approved === false) return decider.refuseAnswer();
  const approved = answered && { policyHash };
  return decider.decide(approved);
}

function createDecider(desk: CallDesk, request: Request, call: ToolCall, begun: number) {
  const { enforcement, caller, definitions } = desk;
  const { world, dryRun, counters, approvals } = enforcement;
  /** Milliseconds that a person took. */
  let waited = 0;
  const spent = () => world.elapsed() - begun - waited;
  const tell = (told: Omit<Told, 'method' | 'tool' | 'args'>) =>
    desk.tell({ method: request.method, tool: call.tool, args: call.args, ...told });

  const judge = (rules: Rules): Judgement => {
    const objection = rules.unreadable === undefined ? definitions.objection(call.tool) : undefined;
    if (objection !== undefined)
      return { outcome: 'deny', rule: '(lock)', message: `The tool is denied: ${objection}` };
    return judgeCall(rules, call, definitions.listed);
  };

  const deny = (rule: string, message: string, approved?: Approved) => {
    giveBack(approved);
    tell({ decision: 'deny', rule, message, gatewayMs: spent() });
    desk.answer(toolError(request, `[POLICY DENIED] ${message}`));
  };

  const giveBack = (approved: Approved | undefined) => {
    if (approved?.id === undefined) return;
    approvals.giveBack(approved.id).catch((error: unknown) => {
      enforcement.remark(`an approval could not be given back: ${errorText(error)}`);
    });
  };

  const forward = (
    about: Pick<Told, 'decision' | 'rule' | 'message'>,
    reservation?: Reservation,
    approved?: Approved,
  ) => {
    const gatewayMs = spent();
    desk.forward(request, (outcome) => {
      if (outcome === 'untouched') {
        giveBack(approved);
        reservation?.release().catch((error: unknown) => {
          enforcement.remark(`a limit could not be given back: ${errorText(error)}`);
        });
      }
      const upstream = outcome === 'ok' ? 'ok' : 'error';
      tell({ ...about, gatewayMs, upstreamMs: spent() - gatewayMs, upstream });
    });
  };

  /** What was listed before a person was asked may have changed when they answer. */
  const decide = (approved?: Approved): Promise<void> | undefined => {
    if (!definitions.needsList()) return decideNow(approved);
    return definitions
      .refresh(desk.fetchPage)
      .catch((error: unknown) =>
        enforcement.remark(`the tools could not be listed for the lock: ${errorText(error)}`),
      )
      .then(() => decideNow(approved));
  };

  const decideNow = (approved?: Approved): Promise<void> | undefined => {
    if (desk.isCancelled()) {
      giveBack(approved);
      return undefined;
    }
    const rules = enforcement.rules();
    const judged = judge(rules);
    const { outcome } = judged;
    if (outcome === 'deny') {
      if (isLenient(enforcement))
        forward({ decision: 'would-deny', rule: judged.rule, message: judged.message });
      else deny(judged.rule, judged.message, approved);
      return undefined;
    }
    const { charges } = judged;
    const asks = outcome === 'ask' ? judged : undefined;
    if (asks !== undefined && approved?.policyHash !== rules.hash && !dryRun)
      return ask(rules, asks, approved);
    const about = {
      decision: asks !== undefined && dryRun ? ('would-ask' as const) : ('allow' as const),
      ...(asks && { rule: asks.rule, message: dryRun ? asks.message : 'Approved by a person.' }),
    };
    if (charges.length > 0) return reserve(rules, charges, about, approved);
    forward(about, undefined, approved);
    return undefined;
  };

  const reserve = async (
    rules: Rules,
    charges: Extract<Judgement, { outcome: 'allow' }>['charges'],
    about: Pick<Told, 'decision' | 'rule' | 'message'>,
    approved: Approved | undefined,
  ): Promise<void> => {
    const taken = await counters.reserve(caller, call.tool, charges, world.now()).catch((error: unknown) => {
      enforcement.remark(`the limits cannot be kept: ${errorText(error)}`);
    });
    if (taken === undefined) {
      const message = 'The limits of the policy cannot be kept at the moment.';
      if (dryRun) return forward({ decision: 'would-deny', rule: '(counters)', message });
      return deny('(counters)', message, approved);
    }
    if (!taken.ok) {
      const over = limitReached(rules, call.tool, charges, taken.index);
      if (dryRun) return forward({ decision: 'would-deny', ...over });
      return deny(over.rule, over.message, approved);
    }
    // What was decided before the wait must still be so after it.
    if (desk.isCancelled() || enforcement.rules() !== rules || judge(rules).outcome === 'deny') {
      await taken.reservation.release().catch(() => {});
      return decide(approved);
    }
    forward(about, taken.reservation, approved);
  };

  const ask = async (
    rules: Rules,
    { rule, message }: { rule: string; message: string },
    approved: Approved | undefined,
  ): Promise<void> => {
    giveBack(approved);
    const asked = desk.ask(request, call, rules, message);
    if (asked === 'asked') return tell({ decision: 'ask', rule, message, gatewayMs: spent() });
    if (asked !== undefined) {
      const askedAt = world.elapsed();
      const yes = await asked;
      waited += world.elapsed() - askedAt;
      if (yes) return decide({ policyHash: rules.hash });
      if (desk.isCancelled()) return undefined;
      return deny(rule, `${message} The user did not approve the call.`);
    }
    const fingerprint = fingerprintOf(call, rules.hash, caller);
    const taken = await approvals
      .take({ fingerprint, caller, tool: call.tool, args: call.args, rule, message }, world.now())
      .catch((error: unknown) => {
        enforcement.remark(`approvals cannot be kept: ${errorText(error)}`);
      });
    if (taken === undefined) return deny('(approvals)', 'Approvals cannot be kept at the moment.');
    if (taken.state === 'approved') return decide({ policyHash: rules.hash, id: taken.id });
    if (taken.state === 'denied') return deny(rule, `${message} A person refused this call.`);
    tell({ decision: 'ask', rule, message, gatewayMs: spent() });
    if (desk.isCancelled()) return undefined;
    const text = `[APPROVAL REQUIRED] ${message} A person can let this one call through with \`${enforcement.approveWith(taken.id)}\`. Then make the same call again.`;
    desk.answer(toolError(request, text));
    return undefined;
  };

  const refuseAnswer = () => {
    deny('(approvals)', 'The user did not approve the call, or approved another one, or too long ago.');
    return undefined;
  };

  return { decide, refuseAnswer };
}
