import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyTool } from '../../classifier/classify.ts';
import { patterns } from '../../classifier/combinations/table.ts';
import { aloneIn, type CombinedTool, findCombinations } from '../../classifier/combinations.ts';
import { readTool } from '../../crawler/definition.ts';

type Wire = { name: string; description?: string; inputSchema?: unknown };

function properties(...names: string[]) {
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
}

/** The tools of one server, judged by the real classifier. */
function server(name: string, ...wires: Wire[]): CombinedTool[] {
  return wires.map((wire, position) => {
    const read = readTool({ inputSchema: { type: 'object' }, ...wire }, position);
    if (!read.ok) throw new Error(read.rejected.reason);
    return { server: name, tool: read.tool.name, classification: classifyTool(read.tool) };
  });
}

const READ_FILE = {
  name: 'read_file',
  description: 'Read the content of a file.',
  inputSchema: properties('path'),
};
const WRITE_FILE = {
  name: 'write_file',
  description: 'Write text to a file.',
  inputSchema: properties('path', 'text'),
};
const FETCH = { name: 'fetch', description: 'Fetch a page from the web.', inputSchema: properties('url') };
const READ_MAIL = { name: 'read_emails', description: 'Read the e-mails in the inbox.' };
const SEND_MAIL = { name: 'send_email', description: 'Send an e-mail to a recipient.' };
const GET_SECRET = { name: 'get_secret', description: 'Get the value of a secret from the vault.' };
const SHELL = {
  name: 'run_command',
  description: 'Run a shell command on this machine.',
  inputSchema: properties('command'),
};
const PAY = { name: 'send_payment', description: 'Pay an amount of money to a recipient.' };
const PURGE = { name: 'delete_all_records', description: 'Permanently delete all records.' };
const CLOCK = { name: 'get_time', description: 'Get the current time.' };

const ids = (tools: readonly CombinedTool[]) => findCombinations(tools).map(({ id }) => id);

describe('combinations of one server', () => {
  test.each<[string, Wire[], string]>([
    ['mail that is read and sent', [READ_MAIL, SEND_MAIL], 'lethal-trifecta'],
    ['local files and a fetcher', [READ_FILE, FETCH], 'lethal-trifecta'],
    ['secrets and mail', [GET_SECRET, SEND_MAIL], 'secrets-and-way-out'],
    ['files and a shell', [WRITE_FILE, SHELL], 'write-and-run'],
    ['a fetcher and a shell', [FETCH, SHELL], 'untrusted-text-and-code'],
    ['a fetcher and payments', [FETCH, PAY], 'untrusted-text-and-money'],
    ['a fetcher and a purge', [FETCH, PURGE], 'untrusted-text-and-destruction'],
  ])('%s', (_, wires, id) => {
    expect(ids(server('one', ...wires, CLOCK))).toContain(id);
  });

  test.each<[string, Wire[]]>([
    ['no tools', []],
    ['nothing that is dangerous', [CLOCK]],
    ['one part alone', [READ_FILE, WRITE_FILE]],
    ['a way out without anything to take', [FETCH, CLOCK]],
    [
      'templates of mail and their sender',
      [{ name: 'list_email_templates', description: 'List templates.' }, SEND_MAIL],
    ],
    ['mail addresses as keys', [{ name: 'find_person_by_email', description: 'Find a person.' }, CLOCK]],
    [
      'calls named after methods of HTTP',
      [
        { name: 'post_orders', description: 'Get the orders.' },
        { name: 'post_cancel', description: 'Cancel an order.' },
        READ_FILE,
      ],
    ],
    [
      'a review that the tool itself makes',
      [{ name: 'review_code', description: 'Check code for mistakes.' }, PURGE],
    ],
    ['a shell, which can do all of it alone', [SHELL]],
  ])('%s makes none', (_, wires) => {
    expect(findCombinations(server('one', ...wires))).toEqual([]);
  });

  test('names the tools of each part and leaves the others out', () => {
    const [found] = findCombinations(server('one', CLOCK, SEND_MAIL, READ_MAIL));
    expect(found?.acrossServers).toBe(false);
    expect(found?.parts.map(({ tools }) => tools.map(({ tool }) => tool))).toEqual([
      ['read_emails'],
      ['read_emails'],
      ['send_email'],
    ]);
  });

  test('two tools of one name are one tool, and no combination', () => {
    expect(findCombinations(server('one', FETCH, FETCH))).toEqual([]);
  });

  test('a tool that plays every part is told apart', () => {
    const both = server('one', GET_SECRET, FETCH);
    const [found] = findCombinations(both).filter(({ id }) => id === 'secrets-and-way-out');
    expect(found && aloneIn(found)).toEqual([]);
    const one = { server: 'one', tool: 'x' };
    expect(
      found &&
        aloneIn({ ...found, parts: found.parts.map((part) => ({ ...part, tools: [...part.tools, one] })) }),
    ).toEqual([one]);
  });
});

describe('combinations of several servers', () => {
  test('are across servers only when no server has all parts', () => {
    const apart = findCombinations([...server('files', READ_FILE), ...server('web', FETCH)]);
    expect(apart.find(({ id }) => id === 'lethal-trifecta')?.acrossServers).toBe(true);
    const together = findCombinations([...server('files', READ_FILE), ...server('web', FETCH, READ_FILE)]);
    expect(together.find(({ id }) => id === 'lethal-trifecta')?.acrossServers).toBe(false);
  });

  test('the order in which tools come does not matter', () => {
    const tools = [
      ...server('a', READ_FILE, FETCH, SHELL),
      ...server('b', READ_MAIL, SEND_MAIL, PURGE, PAY),
      ...server('c', GET_SECRET, WRITE_FILE, CLOCK),
    ];
    const expected = JSON.stringify(findCombinations(tools));
    fc.assert(
      fc.property(fc.shuffledSubarray(tools, { minLength: tools.length }), (shuffled) => {
        expect(JSON.stringify(findCombinations(shuffled))).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('every pattern can be met, so that none is dead', () => {
    const everything = server(
      'all',
      READ_FILE,
      WRITE_FILE,
      FETCH,
      SEND_MAIL,
      GET_SECRET,
      SHELL,
      PAY,
      PURGE,
      { name: 'grant_access', description: 'Grant a user access to a project.' },
      { name: 'create_webhook', description: 'Create a webhook.', inputSchema: properties('url') },
    );
    expect(ids(everything)).toEqual(patterns.map(({ id }) => id));
  });
});
