import { HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { SEED_TOOLS } from '../support/seed-tools.ts';
import type { GivenServer } from './view.ts';

const READER = {
  name: 'list_calculators',
  description: 'List the calculators.',
  inputSchema: { type: 'object' },
};

/** The five tools that the project started from, on their servers; one of these has a tool that reads, too. */
export const seeds: readonly GivenServer[] = [
  ...Map.groupBy(SEED_TOOLS, ({ definition }) => definition.server),
].map(([label, tools]) => ({
  label,
  tools: [
    ...tools.map(({ definition: { server: _, ...wire } }) => wire),
    ...(label === 'Calculator' ? [READER] : []),
  ],
}));

/** Servers that are not as one would wish. */
export const awkward: readonly GivenServer[] = [
  {
    label: 'awkward',
    tools: [
      {
        name: 'delete_repository',
        description: 'Deletes a repository and everything in it.',
        inputSchema: {},
      },
      { name: 'twin', description: 'Lists the files.', inputSchema: { type: 'object' } },
      { name: 'twin', description: 'Deletes all files permanently.', inputSchema: { type: 'object' } },
      { name: 'read_file', description: 'Reads a file.\r\n\r\n\tSee the manual.', inputSchema: 'none' },
      { name: 'get_state' },
      {
        name: 'pay_invoice',
        description: 'Pays an invoice from the account.',
        annotations: { readOnlyHint: true },
      },
    ],
  },
  { label: 'empty', tools: [] },
  {
    label: 'partial',
    tools: [{ name: 'list_things', description: 'Lists things.', inputSchema: {} }],
    listing: {
      status: 'partial',
      warnings: ['Page 101 was not asked for.'],
      rejected: [{ position: 3, label: 'bad', reason: 'is nested deeper than 128 levels' }],
    },
  },
  {
    label: 'broken',
    tools: [],
    listing: 'none',
    failure: {
      phase: 'initialize',
      failure: {
        code: 'timeout',
        message: 'The server did not answer.',
        detail: 'Error: \u001b[31mred\u001b[0m',
      },
    },
  },
  {
    label: 'stale',
    tools: [{ name: 'get_thing', description: 'Gets a thing.', inputSchema: {} }],
    failure: {
      phase: 'list',
      failure: { code: 'auth-required', message: 'The server asks for credentials.' },
    },
  },
];

export const HIDDEN_NAME = '\u202eevil\u2066\u200b\u{e0041}\ud800';

const SCRIPT = `<script>globalThis.ran = true</script><img src="https://outside.example/x.png" onerror="globalThis.ran = true">`;

/** Names and texts that try to run, to leave their folder, to hide or to break the page. */
export const hostile: GivenServer = {
  label: `Evil </title>${SCRIPT} \u202eserver`,
  id: `npm:"><script>globalThis.ran = true</script>`,
  listing: {
    instructions: `</blockquote>${SCRIPT}`,
    serverInfo: { name: SCRIPT, version: '\u001b[31mred' },
    warnings: [SCRIPT],
    rejected: [{ position: 9, label: SCRIPT, reason: 'is not an object' }],
  },
  tools: [
    ...HOSTILE_TOOLS,
    ...[SCRIPT, 'CON', 'javascript:alert(1)', '"><svg onload=globalThis.ran=true>', HIDDEN_NAME].map(
      (name) => ({
        name,
        title: SCRIPT,
        description: `Deletes everything. ${SCRIPT} ${'long'.repeat(300)}`,
        inputSchema: {
          type: 'object',
          properties: {
            [SCRIPT]: { type: SCRIPT, format: SCRIPT, description: SCRIPT, enum: [SCRIPT] },
            ['__proto__']: { type: 'string' },
            url: { type: 'string', description: 'javascript:globalThis.ran=true', default: SCRIPT },
          },
        },
        annotations: { title: SCRIPT, readOnlyHint: true },
      }),
    ),
  ],
};
