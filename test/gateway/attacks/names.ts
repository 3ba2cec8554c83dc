import { type Attack, CLOSED, callText, OPEN, rawCall, STRICT } from './policy.ts';

/** Names that are not the one that the policy speaks of, and are taken for it by a careless server. */
const LOOKALIKES: readonly [string, string][] = [
  ['in capitals', 'DELETE_FILE'],
  ['with one capital', 'Delete_file'],
  ['with a trailing space', 'delete_file '],
  ['with a leading space', ' delete_file'],
  ['with a trailing no-break space', 'delete_file\u00a0'],
  ['with a line end', 'delete_file\n'],
  ['with a NUL', 'delete_file\u0000'],
  ['with a tab inside', 'delete\t_file'],
  ['with a zero-width space', 'delete\u200b_file'],
  ['with a zero-width joiner', 'delete_\u200dfile'],
  ['with a byte order mark', '\ufeffdelete_file'],
  ['with a mark from right to left', 'delete_file\u200f'],
  ['with an override of direction', '\u202edelete_file'],
  ['with a soft hyphen', 'delete\u00ad_file'],
  ['with a tag character', 'delete_file\u{e0041}'],
  ['with a variation selector', 'delete_file\ufe0f'],
  ['with a filler of Hangul', 'delete\u3164_file'],
  ['with a combining accent', 'de\u0301lete_file'],
  ['with a composed accent', 'd\u00e9lete_file'],
  ['in full width', '\uff44\uff45\uff4c\uff45\uff54\uff45\uff3f\uff46\uff49\uff4c\uff45'],
  ['with a letter of Cyrillic', 'd\u0435lete_file'],
  ['with letters of Greek and Cyrillic', 'delet\u0435_f\u03b9le'],
  ['with a mathematical letter', '\u{1d41d}elete_file'],
  ['with a ligature', 'delete_\ufb01le'],
  ['with a dotless i', 'delete_f\u0131le'],
  ['with a capital dotted I', 'DELETE_F\u0130LE'],
  ['with a digit for a letter', 'de1ete_file'],
  ['with a hyphen', 'delete-file'],
  ['with a hyphen of Unicode', 'delete\u2011file'],
  ['with a dot', 'delete.file'],
  ['with a space', 'delete file'],
  ['in camel case', 'deleteFile'],
];

const HIDDEN = [
  'secret',
  'Secret',
  'SECRET',
  'secret ',
  'se\u0441ret',
  's\u0435cret',
  'secret\u200b',
  '\uff53ecret',
  'secre\u0074\u0301',
];

export const NAME_ATTACKS: readonly Attack[] = [
  ...LOOKALIKES.flatMap(([title, name]) =>
    [OPEN, CLOSED].map((policy) => ({
      title: `a denied tool's name ${title} (default ${policy.default})`,
      policy,
      send: [callText(name)],
      answers: [{ id: 1, result: { isError: true } }],
    })),
  ),
  ...HIDDEN.flatMap((name) =>
    [OPEN, CLOSED].map((policy) => ({
      title: `the hidden tool as ${JSON.stringify(name)} (default ${policy.default})`,
      policy,
      send: [callText(name)],
      answers: [{ id: 1, result: { isError: true } }],
    })),
  ),
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', '*', 'tools/read_file'].map(
    (name) => ({
      title: `a tool named ${JSON.stringify(name)}`,
      policy: CLOSED,
      send: [callText(name)],
      answers: [{ id: 1, result: { isError: true } }],
    }),
  ),
  {
    title: 'a name of a million characters',
    policy: OPEN,
    send: [callText('a'.repeat(1_000_000))],
    answers: [{ id: 1, result: { isError: true } }],
  },
];

const METHODS = [
  'Tools/Call',
  'TOOLS/CALL',
  'tools/Call',
  'tools/call ',
  ' tools/call',
  'tools/call\n',
  'tools//call',
  'tools.call',
  'tools\u2215call',
  'tools/call\u200b',
  'tools/\u0441all',
  't\u03bfols/call',
  '\uff54ools/call',
  '/tools/call',
  'tools/call/',
  't00ls/call',
];

/** Calls that go under another method, as no request, or with parameters that are none. */
export const METHOD_ATTACKS: readonly Attack[] = [
  ...METHODS.map((method) => ({
    title: `the method ${JSON.stringify(method)}`,
    policy: OPEN,
    send: [JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { name: 'delete_file', arguments: {} } })],
    answers: [{ id: 1, error: { code: -32601 } }],
  })),
  ...['tools/execute', 'vendor/run', 'rpc.discover', '$/tools', 'constructor', '__proto__', 'toString'].map(
    (method) => ({
      title: `the unknown method ${JSON.stringify(method)} where those are denied`,
      policy: STRICT,
      send: [JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { name: 'delete_file' } })],
      answers: [{ id: 1, error: { code: -32010 } }],
    }),
  ),
  ...(
    [
      ['resources/read', { uri: 'file:///etc/passwd' }],
      ['resources/subscribe', { uri: 'file:///etc/passwd' }],
      ['resources/list', {}],
      ['resources/templates/list', {}],
      ['prompts/get', { name: 'x' }],
      ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: {} }],
      ['completion/complete', { ref: { type: 'ref/resource', uri: 'x' }, argument: {} }],
      ['completion/complete', { ref: { type: 'REF/PROMPT', name: 'x' } }],
      ['completion/complete', { ref: { type: ['ref/prompt'], name: 'x' } }],
      ['completion/complete', { ref: { type: { toString: 1, valueOf: 1 }, name: 'x' } }],
      ['completion/complete', { ref: { type: 'constructor' } }],
      ['completion/complete', { Ref: { type: 'ref/prompt', name: 'x' } }],
      ['completion/complete', {}],
    ] as const
  ).map(([method, params]) => ({
    title: `${method} ${JSON.stringify(params)} where resources and prompts are denied`,
    policy: STRICT,
    send: [JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })],
    answers: [{ id: 1, error: { code: -32010 } }],
  })),
  {
    title: 'a completion of a prompt in the clothes of a resource',
    policy: { ...OPEN, methods: { prompts: 'deny' } },
    send: [
      '{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"a"},"Ref":{"type":"ref/prompt","name":"a"}}}',
      '{"jsonrpc":"2.0","id":2,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"a","Type":"ref/prompt","name":"a"}}}',
    ],
    answers: [1, 2].map((id) => ({ id, error: { code: -32010 } })),
  },
  {
    title: 'a call without an id',
    policy: CLOSED,
    send: ['{"jsonrpc":"2.0","method":"tools/call","params":{"name":"read_file"}}'],
  },
  {
    title: 'a notification with an id',
    policy: OPEN,
    send: ['{"jsonrpc":"2.0","id":1,"method":"notifications/cancelled","params":{"requestId":7}}'],
    answers: [{ id: 1, error: { code: -32601 } }],
  },
  ...['null', '{}', '[1]', '1.5', 'true', '1e400', '9007199254740993'].map((id) => ({
    title: `a call with the id ${id}`,
    policy: CLOSED,
    send: [rawCall('{"name":"read_file"}', id)],
    answers: [{ id: null, error: {} }],
  })),
  ...[
    'null',
    '[]',
    '["delete_file",{}]',
    '"delete_file"',
    '7',
    '{}',
    '{"name":null}',
    '{"name":["read_file"]}',
    '{"name":{"toString":1}}',
    '{"name":7}',
    '{"arguments":{}}',
    '{"name":"read_file","arguments":null}',
    '{"name":"read_file","arguments":[]}',
    '{"name":"read_file","arguments":"{}"}',
    '{"name":"read_file","arguments":false}',
  ].map((params) => ({
    title: `a call with the parameters ${params}`,
    policy: OPEN,
    send: [rawCall(params)],
    answers: [{ id: 1, error: { code: -32602 } }],
  })),
  {
    title: 'a call without parameters',
    policy: OPEN,
    send: ['{"jsonrpc":"2.0","id":1,"method":"tools/call"}'],
    answers: [{ id: 1, error: { code: -32602 } }],
  },
  ...['Name', 'NAME', 'n\u0430me', 'name ', 'Arguments', 'argument\u0455', '\uff4eame'].map((key) => ({
    title: `a parameter ${JSON.stringify(key)} beside the known ones`,
    policy: OPEN,
    send: [
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'read_file', [key]: 'delete_file' },
      }),
    ],
    answers: [{ id: 1, error: { code: -32602 } }],
  })),
  {
    title: 'a parameter that nobody knows, where those are denied',
    policy: STRICT,
    send: [rawCall('{"name":"read_file","tool":"delete_file"}')],
    answers: [{ id: 1, error: { code: -32602 } }],
  },
  ...['Method', 'METHOD', 'Params', 'Id', 'extra', 'm\u0435thod', '__proto__', 'constructor'].map((key) => ({
    title: `a member ${JSON.stringify(key)} of the message`,
    policy: OPEN,
    send: [
      `{"jsonrpc":"2.0","id":1,"method":"ping",${JSON.stringify(key)}:"tools/call","params":{"name":"delete_file"}}`,
    ],
    answers: [{ id: 1, error: { code: -32600 } }],
  })),
  ...['"1.0"', '2', '2.0', 'null', '"2.00"', '" 2.0"', '["2.0"]'].map((version) => ({
    title: `a call of the JSON-RPC version ${version}`,
    policy: OPEN,
    send: [`{"jsonrpc":${version},"id":1,"method":"tools/call","params":{"name":"read_file"}}`],
    answers: [{ id: 1, error: { code: -32600 } }],
  })),
  {
    title: 'a call without a JSON-RPC version',
    policy: OPEN,
    send: ['{"id":1,"method":"tools/call","params":{"name":"read_file"}}'],
    answers: [{ id: 1, error: { code: -32600 } }],
  },
  {
    title: 'a message that is a request and an answer',
    policy: OPEN,
    send: [
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file"},"result":{}}',
      '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"read_file"},"error":{"code":1,"message":"a"}}',
      '{"jsonrpc":"2.0","id":3,"method":null,"params":{"name":"read_file"},"result":{}}',
      '{"jsonrpc":"2.0","id":4,"params":{"name":"read_file"},"result":{}}',
    ],
    answers: [
      { id: 1, error: {} },
      { id: 2, error: {} },
      { id: 3, error: {} },
    ],
  },
  {
    title: 'answers to requests that nobody made',
    policy: OPEN,
    send: [
      '{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}',
      '{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"a"}}',
    ],
  },
  {
    title: 'what only a server sends',
    policy: OPEN,
    send: ['sampling/createMessage', 'elicitation/create', 'roots/list'].map((method, index) =>
      JSON.stringify({ jsonrpc: '2.0', id: index, method, params: {} }),
    ),
    answers: [0, 1, 2].map((id) => ({ id, error: { code: -32601 } })),
  },
];

/** Methods that a policy lets pass. */
export const METHOD_CONTROLS: readonly Attack[] = [
  {
    title: 'completions, levels and subscriptions pass where nothing denies them',
    policy: CLOSED,
    send: [
      ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' } }],
      ['logging/setLevel', { level: 'debug' }],
      ['resources/subscribe', { uri: 'a' }],
      ['vendor/run', {}],
    ].map(([method, params], index) => JSON.stringify({ jsonrpc: '2.0', id: index, method, params })),
    methods: ['completion/complete', 'logging/setLevel', 'resources/subscribe', 'vendor/run'],
  },
  {
    title: 'a completion for a resource passes where prompts are denied',
    policy: { ...CLOSED, methods: { prompts: 'deny' } },
    send: [
      '{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"a"}}}',
    ],
    methods: ['completion/complete'],
  },
  {
    title: 'a tool that is named exactly, whatever its name looks like',
    policy: {
      version: '1',
      default: 'deny',
      tools: { read_file: {}, delete_file: {}, 'DELETE\u200b_FILE': {} },
    },
    send: [callText('DELETE\u200b_FILE')],
    reached: [{ name: 'DELETE\u200b_FILE', arguments: {} }],
  },
  {
    title: 'metadata and a task beside the arguments',
    policy: STRICT,
    send: [rawCall('{"name":"read_file","arguments":{},"_meta":{"progressToken":1},"task":{"ttl":1}}')],
    reached: [{ name: 'read_file', arguments: {}, _meta: { progressToken: 1 }, task: { ttl: 1 } }],
  },
  {
    title: 'ids that differ in their type alone',
    policy: CLOSED,
    send: [callText('read_file', { n: 1 }, 1), callText('read_file', { n: 2 }, '1')],
    reached: [
      { name: 'read_file', arguments: { n: 1 } },
      { name: 'read_file', arguments: { n: 2 } },
    ],
    answers: [
      { id: 1, result: {} },
      { id: '1', result: {} },
    ],
  },
];
