import { expect, test } from 'vitest';
import { classify } from '../tools.ts';
import { finding, judges, taking, tool } from './cases.ts';

const text = { type: 'string' };
const bag = { type: 'object' };
const verbs = { enum: ['GET', 'POST', 'DELETE', 'PUT'] };

judges('router', [
  [
    'a tool by its name',
    taking({ tool_name: text, arguments: bag }, 'go', 'Execute a tool'),
    ['tool_name', 'arguments'],
  ],
  [
    'a method',
    taking({ method: text, params: bag }, 'rpc', 'Call any JSON-RPC method'),
    ['method', 'params'],
  ],
  [
    'a path and a verb',
    taking({ path: text, method: verbs }, 'api', 'Make a request to the API'),
    ['path', 'method', 'method'],
  ],
  ['any endpoint', tool('raw', 'Call any endpoint of the REST API'), true],
  ['a tool of another server', tool('hub', 'Call a specific tool from a specific server'), true],
  ['passed on', tool('shop', "Proxy requests to a shop's REST API"), true],
  [
    'actions of all kinds',
    taking({ action: { enum: ['get', 'list', 'create', 'delete'] } }, 'x', 'Work with x'),
    ['action'],
  ],
  [
    'free actions of all kinds',
    taking({ action: text }, 'x', 'Create, delete, list or find objects'),
    ['action'],
  ],
  [
    'actions of one kind',
    taking({ action: { enum: ['get', 'list', 'count', 'find'] } }, 'x', 'Look at x'),
    false,
  ],
  ['two actions', taking({ action: { enum: ['get', 'delete'] } }, 'x', 'Work with x'), false],
  ['a way to do it', taking({ method: text, data: text }, 'zip', 'Compress data'), false],
  ['a schema of a tool', taking({ tool_name: text }, 'describe', 'Describe a tool'), false],
  [
    'the verb of a check',
    taking({ name: text, url: text, method: verbs }, 'monitor', 'Create an uptime monitor'),
    false,
  ],
  ['one function', tool('fn', 'Invoke a Lambda function'), false],
  ['tests', tool('tests', 'Run the tests of a project'), false],
  ['one fixed verb', tool('head', 'Make an HTTP HEAD request to a URL'), false],
]);

test('a free name of a tool makes it Execute; a list of actions speaks for itself', () => {
  const free = taking({ tool_name: text, arguments: bag }, 'gateway', 'Use a tool of another server');
  expect(finding('router', free)).toMatchObject({ confidence: 'high' });
  const listed = taking(
    { action: { enum: ['get', 'list', 'create', 'update'] } },
    'notes',
    'Work with notes',
  );
  expect(finding('router', listed)).not.toHaveProperty('supports');
  expect(classify(listed)).toMatchObject({ category: 'Write' });
});
