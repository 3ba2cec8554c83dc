import { isObject } from '../crawler/json.ts';
import type { MethodRules, PolicyDocument } from '../policy/contract.ts';
import { fold } from './fold.ts';
import { lookalikeKey, type Params } from './message.ts';

/** Who sends a message. */
export type Sender = 'client' | 'server';

interface Method {
  from: readonly Sender[];
  kind: 'request' | 'notification';
  /** The member of `methods` in a policy that decides about it. */
  rule?: Exclude<keyof MethodRules, 'unknown'>;
}

const BOTH = ['client', 'server'] as const;
const CLIENT = ['client'] as const;
const SERVER = ['server'] as const;

/** Every method of the protocol's revisions from 2024-11-05 to 2026-07-28. */
const METHODS: Readonly<Record<string, Method>> = {
  initialize: { from: CLIENT, kind: 'request' },
  'server/discover': { from: CLIENT, kind: 'request' },
  'subscriptions/listen': { from: CLIENT, kind: 'request' },
  'tools/list': { from: CLIENT, kind: 'request' },
  'tools/call': { from: CLIENT, kind: 'request' },
  'resources/list': { from: CLIENT, kind: 'request', rule: 'resources' },
  'resources/templates/list': { from: CLIENT, kind: 'request', rule: 'resources' },
  'resources/read': { from: CLIENT, kind: 'request', rule: 'resources' },
  'resources/subscribe': { from: CLIENT, kind: 'request', rule: 'resources' },
  'resources/unsubscribe': { from: CLIENT, kind: 'request', rule: 'resources' },
  'prompts/list': { from: CLIENT, kind: 'request', rule: 'prompts' },
  'prompts/get': { from: CLIENT, kind: 'request', rule: 'prompts' },
  'completion/complete': { from: CLIENT, kind: 'request' },
  'logging/setLevel': { from: CLIENT, kind: 'request' },
  ping: { from: BOTH, kind: 'request' },
  'tasks/get': { from: BOTH, kind: 'request' },
  'tasks/result': { from: BOTH, kind: 'request' },
  'tasks/list': { from: BOTH, kind: 'request' },
  'tasks/cancel': { from: BOTH, kind: 'request' },
  'tasks/update': { from: CLIENT, kind: 'request' },
  'sampling/createMessage': { from: SERVER, kind: 'request', rule: 'sampling' },
  'elicitation/create': { from: SERVER, kind: 'request', rule: 'elicitation' },
  'roots/list': { from: SERVER, kind: 'request' },
  'notifications/initialized': { from: CLIENT, kind: 'notification' },
  'notifications/roots/list_changed': { from: CLIENT, kind: 'notification' },
  'notifications/cancelled': { from: BOTH, kind: 'notification' },
  'notifications/progress': { from: BOTH, kind: 'notification' },
  'notifications/tasks': { from: BOTH, kind: 'notification' },
  'notifications/tasks/status': { from: BOTH, kind: 'notification' },
  'notifications/message': { from: SERVER, kind: 'notification' },
  'notifications/elicitation/complete': { from: SERVER, kind: 'notification', rule: 'elicitation' },
  'notifications/resources/updated': { from: SERVER, kind: 'notification', rule: 'resources' },
  'notifications/resources/list_changed': { from: SERVER, kind: 'notification', rule: 'resources' },
  'notifications/tools/list_changed': { from: SERVER, kind: 'notification' },
  'notifications/prompts/list_changed': { from: SERVER, kind: 'notification', rule: 'prompts' },
  'notifications/subscriptions/acknowledged': { from: SERVER, kind: 'notification' },
};

/** Methods by what a careless reader makes of their names: letters and digits alone. */
const BY_FOLD = new Map(Object.keys(METHODS).map((name) => [foldMethod(name), name]));

function foldMethod(name: string): string {
  return fold(name).replaceAll(/[^a-z0-9]/g, '');
}

/**
 * What is to be said of a method: it may pass, the policy denies it, or it is none that this sender may send, as one
 * that is spelt almost like a known one, goes the other way, or is a request where a notification should be.
 */
export type MethodVerdict =
  | { outcome: 'allow' }
  | { outcome: 'deny'; rule: string; message: string }
  | { outcome: 'refuse'; rule: string; message: string };

export interface MethodCall {
  method: string;
  params: Params | undefined;
  sender: Sender;
  kind: 'request' | 'notification';
}

const ALLOW: MethodVerdict = { outcome: 'allow' };

/** Decides about everything but the tools that are called. */
export function judgeMethod(document: PolicyDocument, call: MethodCall): MethodVerdict {
  const { method, sender, kind } = call;
  const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (known === undefined) return judgeUnknown(document, method);
  if (known.kind !== kind) return refuse('(method)', `${method} is no ${kind}.`);
  if (!known.from.includes(sender))
    return refuse('(direction)', `${method} is nothing that a ${sender} sends.`);
  const rules = known.rule === undefined ? rulesOfReference(method, call.params) : [known.rule];
  const rule = rules.find((each) => document.methods?.[each] === 'deny');
  if (rule === undefined) return ALLOW;
  return { outcome: 'deny', rule: `/methods/${rule}`, message: `${SUBJECT[rule]} are denied by policy.` };
}

const SUBJECT = {
  resources: 'Resources',
  prompts: 'Prompts',
  sampling: 'Requests to the model',
  elicitation: 'Questions to the user',
};

function judgeUnknown(document: PolicyDocument, method: string): MethodVerdict {
  const meant = BY_FOLD.get(foldMethod(method));
  if (meant !== undefined)
    return refuse('(look-alike)', `The method is spelt almost like ${meant}, and is not it.`);
  if (document.methods?.unknown !== 'deny') return ALLOW;
  return {
    outcome: 'deny',
    rule: '/methods/unknown',
    message: 'The method is not known, and the policy denies those.',
  };
}

type Subject = keyof typeof SUBJECT;

/** A completion is about a prompt's or a resource template's argument; what does not say so plainly may be either. */
function rulesOfReference(method: string, params: Params = {}): readonly Subject[] {
  if (method !== 'completion/complete') return [];
  const { ref } = params;
  if (!isObject(ref) || lookalikeKey(params, ['ref']) || lookalikeKey(ref, ['type', 'name', 'uri']))
    return ['prompts', 'resources'];
  if (ref.type === 'ref/prompt' && ref.uri === undefined) return ['prompts'];
  if (ref.type === 'ref/resource' && ref.name === undefined) return ['resources'];
  return ['prompts', 'resources'];
}

function refuse(rule: string, message: string): MethodVerdict {
  return { outcome: 'refuse', rule, message };
}

/** Whether the policy's decision about a method is worth a line in the audit log even when it is to allow. */
export function isGoverned(method: string): boolean {
  return GOVERNED.has(method);
}

const GOVERNED = new Set([
  'resources/read',
  'resources/subscribe',
  'prompts/get',
  'sampling/createMessage',
  'elicitation/create',
]);

/** The capabilities of a server or a client without those that the policy denies, so that nobody asks in vain. */
export function withoutDenied(capabilities: unknown, document: PolicyDocument): unknown {
  if (!isObject(capabilities)) return capabilities;
  const denied = ['resources', 'prompts', 'sampling', 'elicitation'] as const;
  return Object.fromEntries(
    Object.entries(capabilities).filter(
      ([name]) => !denied.some((each) => each === name && document.methods?.[each] === 'deny'),
    ),
  );
}

const NO_INPUT = refuse('(input)', 'The server asked for input in a way that cannot be read.');

/**
 * The first request in a result of protocol version 2026-07-28 that asks the client for something the policy denies.
 * There a server does not send requests of its own: it answers that input is required, and of what kind.
 */
export function deniedInput(document: PolicyDocument, result: unknown): MethodVerdict {
  if (!isObject(result) || result.inputRequests === undefined) return ALLOW;
  if (!isObject(result.inputRequests)) return NO_INPUT;
  for (const each of Object.values(result.inputRequests)) {
    if (!isObject(each) || typeof each.method !== 'string') return NO_INPUT;
    const { method } = each;
    const verdict = judgeMethod(document, { method, params: undefined, sender: 'server', kind: 'request' });
    if (verdict.outcome !== 'allow') return verdict;
  }
  return ALLOW;
}
