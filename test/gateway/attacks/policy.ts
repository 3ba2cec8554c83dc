import type { PolicyDocument } from '../../../policy/contract.ts';

const NEVER = [{ conditions: [], on_deny: 'Never.' }];

/** Denies what it does not name. */
export const CLOSED: PolicyDocument = {
  version: '1',
  default: 'deny',
  hide: ['secret'],
  tools: {
    read_file: {},
    secret: {},
    delete_file: { deny_if: NEVER },
    fetch: {
      require: [
        {
          conditions: [{ path: 'args.url', op: 'regex', value: '^https://ok\\.example/' }],
          on_deny: 'Only ok.example.',
        },
      ],
      deny_if: [
        {
          conditions: [{ path: 'args.httpMethod', op: 'eq', value: 'DELETE' }],
          on_deny: 'Nothing is deleted.',
        },
      ],
    },
    fetch_all: {
      require: [
        {
          conditions: [{ path: 'args.items[].url', op: 'regex', value: '^https://ok\\.example/' }],
          on_deny: 'Only ok.example.',
        },
      ],
    },
    pay: {
      require: [
        {
          conditions: [{ path: 'args.amount', op: 'lte', value: 100 }],
          on_deny: 'At most 100.',
        },
      ],
      limits: [{ counter: 'paid', window: 'day', max: 150, scope: 'grant', increment_from: 'args.amount' }],
    },
  },
};

/** Allows what it does not name: whatever a denial misses gets through. */
export const OPEN: PolicyDocument = {
  version: '1',
  default: 'allow',
  hide: ['secret'],
  tools: { delete_file: { deny_if: NEVER }, fetch: CLOSED.tools?.fetch ?? {} },
};

/** Denies everything but tools. */
export const STRICT: PolicyDocument = {
  ...CLOSED,
  methods: { resources: 'deny', prompts: 'deny', sampling: 'deny', elicitation: 'deny', unknown: 'deny' },
};

/** What an attacker sends, and what is to become of it. */
export interface Attack {
  title: string;
  policy: PolicyDocument;
  send: readonly (string | Buffer)[];
  /** Parameters of the calls that must reach the server; no other may. None by default. */
  reached?: readonly Record<string, unknown>[];
  /** Parts of messages that the client must get. */
  answers?: readonly Record<string, unknown>[];
  /** Methods other than calls that must reach the server; no other may. */
  methods?: readonly string[];
}

/** A call as a plain client writes it. */
export function callText(name: unknown, args: unknown = {}, id: unknown = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
}

/** A request with parameters written out, so that they may be anything. */
export function rawCall(params: string, id = '1'): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;
}
