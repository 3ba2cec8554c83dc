import { expect, test } from 'vitest';
import { classify } from '../tools.ts';
import { finding, judges, taking, tool } from './cases.ts';

judges('host-code-execution', [
  ['a shell', tool('sh', 'Execute a bash command'), true],
  ['a machine', tool('cmd', 'Run a command on this linux machine'), true],
  ['over the network', tool('remote', 'Execute a command on a remote server via SSH'), true],
  ['inside a container', tool('exec', 'Execute a command in a running container'), true],
  ['a language', tool('eval', 'Evaluate Clojure code in a namespace'), true],
  ['inside another program', tool('blender', 'Execute arbitrary Python code in Blender'), true],
  ['a notebook', tool('cells', 'Restart the kernel and run all cells in the notebook'), true],
  ['a process that listens', tool('feed', 'Send input to a running process'), true],
  ['a package', tool('get_lib', 'Install a Python package using uv'), true],
  ['only a name', tool('bash'), true],
  [
    'a command among the arguments',
    taking({ cmd: { type: 'string', description: 'Shell command to run' } }, 'start', 'Start a task'),
    ['cmd'],
  ],
  ['a page', tool('page', 'Execute JavaScript in the context of the current page'), false],
  ['a database', tool('db', 'Execute a SQL script'), false],
  ['a platform of its own', tool('apex', 'Execute anonymous Apex code in Salesforce'), false],
  ['a product with commands', tool('kube', 'Execute any kubectl command'), false],
  ['a chat', tool('slash', 'Run a slash command in a channel'), false],
  ['written, not run', tool('write', 'Generate a PowerShell script'), false],
  ['explained, not run', tool('explain', 'Explain what a shell command does'), false],
  ['a check of code', tool('scan', 'Run a code quality scan'), false],
  ['a list', tool('sessions', 'List all active terminal sessions'), false],
  ['a plugin of a site', tool('plugin', 'Install a plugin on a WordPress site'), false],
  ['how to install', tool('guide', 'Get the commands to install a package'), false],
]);

test('a sandbox lowers the confidence and not the risk', () => {
  const inside = tool('run', 'Run Python code in a secure cloud sandbox');
  expect(finding('host-code-execution', inside)).toMatchObject({ confidence: 'low', raises: 'high' });
  const outside = tool('run', 'Run a shell command');
  expect(finding('host-code-execution', outside)).toMatchObject({ confidence: 'high', raises: 'high' });
});

test('a terminal that takes text is run, not written', () => {
  const typed = classify({ name: 'type_line', description: 'Writes text to the active terminal' });
  expect(typed).toMatchObject({ category: 'Execute', risk: 'high' });
});
