import { type Attack, CLOSED, callText, OPEN, rawCall } from './policy.ts';

/** Texts that two readers could take for two things, or for nothing. */

const READ = callText('read_file', { path: 'a' });
const DELETE = callText('delete_file', { path: 'a' });
const DEEP = 100_000;

const refused = (code: number, id: unknown = 1) => [{ id, error: { code } }];

/** Each is one line; under `OPEN` whatever is not refused gets through. */
const LINES: readonly [string, string | Buffer, (readonly Record<string, unknown>[])?][] = [
  ['a batch of one denied call', `[${DELETE}]`, refused(-32600)],
  [
    'a batch with an allowed call in front',
    `[${READ},${callText('delete_file', {}, 2)}]`,
    refused(-32600, 2),
  ],
  ['a batch in a batch', `[[${DELETE}]]`, refused(-32600, null)],
  ['an empty batch', '[]', refused(-32600, null)],
  [
    'the method twice',
    `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"delete_file"}}`,
    refused(-32600),
  ],
  [
    'the parameters twice',
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file"},"params":{"name":"delete_file"}}`,
    refused(-32600),
  ],
  [
    'the id twice',
    `{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/call","params":{"name":"read_file"}}`,
    refused(-32600, 2),
  ],
  [
    'the version twice',
    `{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file"}}`,
    refused(-32600),
  ],
  ['the name twice', rawCall('{"name":"read_file","name":"delete_file"}'), refused(-32600)],
  [
    'the name twice, the denied one first',
    rawCall('{"name":"delete_file","name":"read_file"}'),
    refused(-32600),
  ],
  [
    'the name twice, once with an escape',
    rawCall('{"name":"read_file","n\\u0061me":"delete_file"}'),
    refused(-32600),
  ],
  [
    'the method twice, once with an escape',
    `{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"tools/call","params":{"name":"delete_file"}}`,
    refused(-32600),
  ],
  [
    'the arguments twice',
    rawCall(
      '{"name":"fetch","arguments":{"url":"https://ok.example/"},"arguments":{"url":"https://evil.example/"}}',
    ),
    refused(-32600),
  ],
  [
    'an argument twice',
    rawCall('{"name":"fetch","arguments":{"url":"https://ok.example/","url":"https://evil.example/"}}'),
    refused(-32600),
  ],
  [
    'an argument twice, once with an escape',
    rawCall('{"name":"fetch","arguments":{"url":"https://ok.example/","\\u0075rl":"https://evil.example/"}}'),
    refused(-32600),
  ],
  [
    'a nested key twice',
    rawCall('{"name":"read_file","arguments":{"a":[{"b":{"c":1,"c":2}}]}}'),
    refused(-32600),
  ],
  ['a byte order mark', `\ufeff${READ}`, refused(-32700, null)],
  ['a byte order mark before a batch', `\ufeff[${DELETE}]`, refused(-32700, null)],
  ['UTF-16', Buffer.from(READ, 'utf16le')],
  ['bytes that are no UTF-8', Buffer.from(READ.replace('"a"', '"\u00e9"'), 'latin1'), refused(-32700, null)],
  [
    'an overlong encoding of a quote',
    Buffer.concat([Buffer.from(READ.slice(0, -4)), Buffer.from([0xc0, 0xa2]), Buffer.from(READ.slice(-4))]),
    refused(-32700, null),
  ],
  [
    'a surrogate in UTF-8',
    Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('"}}'),
    ]),
    refused(-32700, null),
  ],
  ['half of a surrogate pair in the name', rawCall('{"name":"delete_file\\ud800"}'), refused(-32700)],
  [
    'half of a surrogate pair in an argument',
    rawCall('{"name":"read_file","arguments":{"path":"\\udc00a"}}'),
    refused(-32700),
  ],
  [
    'half of a surrogate pair in a key',
    rawCall('{"name":"read_file","arguments":{"\\ud83d":1}}'),
    refused(-32700),
  ],
  ['a NUL byte in the text', `${READ.slice(0, -1)}\u0000}`, refused(-32700, null)],
  ['a NUL byte inside a string', rawCall('{"name":"delete\u0000_file"}'), refused(-32700, null)],
  ['a tab inside a string', rawCall('{"name":"delete_\tfile"}'), refused(-32700, null)],
  ['an object that is not closed', READ.slice(0, -1), refused(-32700, null)],
  ['two messages on one line', `${READ}${DELETE}`, refused(-32700, null)],
  ['two messages on one line, with a space', `${READ} ${DELETE}`, refused(-32700, null)],
  ['two messages with a lone carriage return between', `${READ}\r${DELETE}`, refused(-32700, null)],
  ['two messages with a line separator of Unicode between', `${READ}\u2028${DELETE}`, refused(-32700, null)],
  ['a comment', `${READ}/* */`, refused(-32700, null)],
  ['a trailing comma', rawCall('{"name":"delete_file",}'), refused(-32700, null)],
  ['single quotes', READ.replaceAll('"', "'"), refused(-32700, null)],
  ['NaN', rawCall('{"name":"pay","arguments":{"amount":NaN}}'), refused(-32700, null)],
  ['an infinite amount', rawCall('{"name":"pay","arguments":{"amount":1e400}}'), refused(-32700)],
  [
    'an amount that a double rounds down',
    rawCall('{"name":"pay","arguments":{"amount":100.00000000000000001}}'),
    refused(-32700),
  ],
  [
    'a whole number beyond a double',
    rawCall('{"name":"read_file","arguments":{"n":9007199254740993}}'),
    refused(-32700),
  ],
  [
    'a number so small that it becomes nothing',
    rawCall('{"name":"pay","arguments":{"amount":1e-400}}'),
    refused(-32700),
  ],
  [
    'a number with a leading zero',
    rawCall('{"name":"pay","arguments":{"amount":010}}'),
    refused(-32700, null),
  ],
  ['a hexadecimal number', rawCall('{"name":"pay","arguments":{"amount":0x10}}'), refused(-32700, null)],
  ['a number with a plus', rawCall('{"name":"pay","arguments":{"amount":+1}}'), refused(-32700, null)],
  [
    'a number of a million digits',
    rawCall(`{"name":"pay","arguments":{"amount":0.1${'0'.repeat(1_000_000)}1}}`),
    refused(-32700),
  ],
  [
    'lists inside one another',
    rawCall(`{"name":"read_file","arguments":{"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}}`),
    refused(-32700),
  ],
  [
    'objects inside one another',
    rawCall(`{"name":"read_file","arguments":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}`),
    refused(-32700),
  ],
  [
    'a line of 17 million bytes',
    rawCall(`{"name":"read_file","arguments":{"path":"${'a'.repeat(17_000_000)}"}}`),
    refused(-32600, null),
  ],
  ['a text', '"tools/call"', refused(-32600, null)],
  ['a number', '1', refused(-32600, null)],
  ['null', 'null', refused(-32600, null)],
  ['an empty object', '{}', refused(-32600, null)],
  ['blanks', '   ', refused(-32700, null)],
];

export const BYTE_ATTACKS: readonly Attack[] = LINES.map(([title, line, answers]) => ({
  title,
  policy: OPEN,
  send: [line],
  ...(answers && { answers }),
}));

/** What looks as odd and is plain JSON all the same. */
export const BYTE_CONTROLS: readonly Attack[] = [
  {
    title: 'a carriage return before the line end',
    send: [`${READ}\r`],
    reached: [{ name: 'read_file', arguments: { path: 'a' } }],
  },
  {
    title: 'blanks around the tokens',
    send: [` {\t"jsonrpc" : "2.0" ,\r "id":1,"method":"tools/call","params":{ "name":"read_file"} } `],
    reached: [{ name: 'read_file' }],
  },
  {
    title: 'escapes in a key and in the name',
    send: [rawCall('{"n\\u0061me":"read\\u005ffile","arguments":{"\\u0061":"\\/"}}')],
    reached: [{ name: 'read_file', arguments: { a: '/' } }],
  },
  {
    title: 'keys in another order',
    send: ['{"params":{"arguments":{},"name":"read_file"},"method":"tools/call","id":1,"jsonrpc":"2.0"}'],
    reached: [{ arguments: {}, name: 'read_file' }],
  },
  {
    title: 'numbers written in other ways',
    send: [
      rawCall(
        '{"name":"read_file","arguments":{"a":1.0,"b":1e2,"c":-0,"d":0.1,"e":9007199254740991,"f":1.50}}',
      ),
    ],
    reached: [{ name: 'read_file', arguments: { a: 1, b: 100, c: 0, d: 0.1, e: 9007199254740991, f: 1.5 } }],
  },
  {
    title: 'line ends of Unicode inside a text',
    send: [callText('read_file', { path: 'a\u2028b\u2029c\u0085d' })],
    reached: [{ name: 'read_file', arguments: { path: 'a\u2028b\u2029c\u0085d' } }],
  },
  {
    title: 'emoji, and half a pair that is none',
    send: [callText('read_file', { path: '\u{1f600}\\ud800' })],
    reached: [{ name: 'read_file', arguments: { path: '\u{1f600}\\ud800' } }],
  },
  {
    title: 'ten thousand keys',
    send: [callText('read_file', Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])))],
    reached: [
      {
        name: 'read_file',
        arguments: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])),
      },
    ],
  },
].map((each) => ({ ...each, policy: CLOSED }));
