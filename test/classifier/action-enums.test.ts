import { describe, expect, test } from 'vitest';
import { classify } from './tools.ts';

type Kind = 'Read' | 'Write' | 'Execute' | 'Destructive';

function kindOf(tool: object): Kind {
  const { category, destructive } = classify(tool);
  return destructive ? 'Destructive' : category;
}

function withParameter(name: string, schema: object, description = 'Work with records'): object {
  return { name: 'records', description, inputSchema: { type: 'object', properties: { [name]: schema } } };
}

const values = (...list: string[]) => ({ type: 'string', enum: list });

describe('the gravest action that can be chosen decides', () => {
  test.each<[why: string, tool: object, kind: Kind]>([
    ['an enumeration', withParameter('action', values('get', 'create', 'delete')), 'Destructive'],
    ['only reads', withParameter('operation', values('get', 'list', 'search')), 'Read'],
    [
      'a method that is no HTTP method',
      withParameter('method', values('get', 'create', 'delete')),
      'Destructive',
    ],
    ['constants', withParameter('action', { oneOf: [{ const: 'get' }, { const: 'update' }] }), 'Write'],
    [
      'a union of requests',
      {
        name: 'records',
        description: 'Work with records',
        inputSchema: {
          oneOf: [
            { properties: { action: { const: 'list' } } },
            { properties: { action: { const: 'delete' }, id: { type: 'string' } } },
          ],
        },
      },
      'Destructive',
    ],
    [
      'in a list of operations',
      {
        name: 'records',
        description: 'Work with records',
        inputSchema: {
          properties: {
            operations: { type: 'array', items: { properties: { action: values('add', 'remove') } } },
          },
        },
      },
      'Destructive',
    ],
    [
      'only in the description of the parameter',
      withParameter('action', { type: 'string', description: 'What to do: list, create or delete' }),
      'Destructive',
    ],
    [
      'in quotes there, with an explanation of each',
      withParameter('method', {
        type: 'string',
        description: "Options are:\n- 'add' - adds it\n- 'remove' - takes it off",
      }),
      'Destructive',
    ],
    [
      'only in the description of the tool',
      { name: 'records', description: 'Records. Actions: list, get, delete' },
      'Destructive',
    ],
    [
      'as bullets there',
      { name: 'records', description: 'Record tool.\n\nOperations:\n- get: one record\n- update: change it' },
      'Write',
    ],
    [
      'requests named by what they do',
      {
        name: 'sheet_batch',
        description: 'Apply requests to a sheet',
        inputSchema: {
          properties: {
            requests: {
              type: 'array',
              items: { properties: { insertRow: { type: 'object' }, deleteRow: { type: 'object' } } },
            },
          },
        },
      },
      'Destructive',
    ],
    [
      'a tool that lists, and more',
      withParameter('action', values('list', 'get', 'delete'), 'List the records'),
      'Destructive',
    ],
  ])('%s', (_, tool, kind) => {
    expect(kindOf(tool)).toBe(kind);
  });
});

describe('what looks like a choice of actions and is none', () => {
  test.each<[why: string, tool: object, kind: Kind]>([
    ['a filter on events', withParameter('action', values('create', 'delete'), 'List audit events'), 'Read'],
    [
      'the method with which a monitor asks',
      withParameter('method', values('GET', 'POST', 'DELETE'), 'Create an uptime monitor for an address'),
      'Write',
    ],
    ['a colour', withParameter('mode', values('dark', 'light'), 'Get the theme'), 'Read'],
    [
      'a sentence about actions',
      { name: 'get_log', description: 'Get the log of actions: who did what, and when' },
      'Read',
    ],
    [
      'a parameter that only mentions them',
      withParameter(
        'action',
        { type: 'string', description: 'Name of the recorded action' },
        'Get a recorded action',
      ),
      'Read',
    ],
  ])('%s', (_, tool, kind) => {
    expect(kindOf(tool)).toBe(kind);
  });
});

describe('tools that pass a call on', () => {
  const route = { tool_name: { type: 'string' }, arguments: { type: 'object' } };

  test('a free name beside its arguments can run anything', () => {
    const tool = classify({ name: 'gateway', inputSchema: { properties: route } });
    expect(tool).toMatchObject({ category: 'Execute' });
    expect(tool.evidence[0]).toMatchObject({ parameter: 'tool_name' });
    expect(tool.rationale).toContain('"tool_name"');
  });

  test('not where the text limits it to reading', () => {
    expect(
      classify({
        name: 'gateway',
        description: 'Get the prices of services',
        inputSchema: { properties: route },
      }),
    ).toMatchObject({ category: 'Read' });
  });

  test('not without arguments', () => {
    const inputSchema = { properties: { tool_name: { type: 'string' } } };
    expect(classify({ name: 'tool_details', description: 'Details of a tool', inputSchema })).toMatchObject({
      category: 'Read',
    });
  });
});
