import { type Attack, CLOSED, callText, OPEN, rawCall } from './policy.ts';

const EVIL = 'https://evil.example/';
const FINE = 'https://ok.example/';

/** Arguments that are to be judged as one thing and used as another. */
const DENIED: readonly [string, string, unknown][] = [
  ['another host', 'fetch', { url: EVIL }],
  ['no address', 'fetch', {}],
  ['an address in a list', 'fetch', { url: [FINE, EVIL] }],
  ['an address in an object', 'fetch', { url: { url: FINE } }],
  ['null for an address', 'fetch', { url: null }],
  ['the allowed host on a second line', 'fetch', { url: `${EVIL}\n${FINE}` }],
  ['a second key in another case', 'fetch', { url: FINE, URL: EVIL }],
  ['a second key in full width', 'fetch', { url: FINE, '\uff55rl': EVIL }],
  ['a second key with a letter of Cyrillic', 'fetch', { url: FINE, 'u\u0433l': EVIL }],
  ['a second key with a space', 'fetch', { url: FINE, 'url ': EVIL }],
  ['a second key with a zero-width space', 'fetch', { url: FINE, 'ur\u200bl': EVIL }],
  ['a denied value under another case of its key', 'fetch', { url: FINE, HttpMethod: 'DELETE' }],
  ['a denied value under the alias of its key', 'fetch', { url: FINE, http_method: 'DELETE' }],
  ['a second key in a nested object', 'fetch', { url: FINE, options: [{ Url: EVIL }] }],
  ['a list where one element is bad', 'fetch_all', { items: [{ url: FINE }, { url: EVIL }] }],
  ['a list where one element has no address', 'fetch_all', { items: [{ url: FINE }, {}] }],
  ['an object for a list', 'fetch_all', { items: { 0: { url: FINE }, length: 1 } }],
  ['a text for a list', 'fetch_all', { items: FINE }],
  ['a list of lists', 'fetch_all', { items: [[{ url: EVIL }]] }],
  ['too much', 'pay', { amount: 101 }],
  ['a text for an amount', 'pay', { amount: '5' }],
  ['a list for an amount', 'pay', { amount: [5] }],
  ['a negative amount', 'pay', { amount: -50 }],
  ['a fraction', 'pay', { amount: 0.99 }],
  ['true for an amount', 'pay', { amount: true }],
  ['null for an amount', 'pay', { amount: null }],
  ['no amount', 'pay', {}],
  ['an amount that is an object with a value', 'pay', { amount: { valueOf: 5 } }],
  ['a second amount in another case', 'pay', { amount: 1, Amount: 100_000 }],
];

export const ARGUMENT_ATTACKS: readonly Attack[] = [
  ...DENIED.map(([title, tool, args]) => ({
    title,
    policy: CLOSED,
    send: [callText(tool, args)],
    answers: [{ id: 1, result: { isError: true } }],
  })),
  ...[
    '{"__proto__":{"url":"x"}}',
    '{"a":[{"__pr\\u006fto__":1}]}',
    '{"constructor":{"prototype":{"a":1}}}',
  ].map((args) => ({
    title: `the arguments ${args}`,
    policy: OPEN,
    send: [rawCall(`{"name":"read_file","arguments":${args}}`)],
    answers: [{ id: 1, error: { code: -32600 } }],
  })),
  {
    title: 'a prototype as the place of the address',
    policy: OPEN,
    send: [rawCall(`{"name":"fetch","arguments":{"__proto__":{"url":"${FINE}"}}}`)],
    answers: [{ id: 1, error: { code: -32600 } }],
  },
];

/** The same tools as they are meant to be used: what was judged is what arrives. */
export const ARGUMENT_CONTROLS: readonly Attack[] = [
  [callText('fetch', { url: FINE, httpMethod: 'GET', other: [{ a: 1 }] })],
  [callText('fetch_all', { items: [{ url: FINE }, { url: `${FINE}2`, more: null }] })],
  [callText('read_file', { constructor: 'a', toString: 'b', hasOwnProperty: [1], toJSON: 'c', length: 7 })],
  [callText('pay', { amount: 100 }, 1), callText('pay', { amount: 50 }, 2)],
].map((send) => ({
  title: send.join(' '),
  policy: CLOSED,
  send,
  reached: send.map((text) => (JSON.parse(text) as { params: Record<string, unknown> }).params),
}));

/** Amounts that the day's limit of 150 must count, each after 100 was paid. */
export const OVERDRAWN: readonly string[] = ['51', '51.0', '5.1e1', '510e-1', '100', '99'];
