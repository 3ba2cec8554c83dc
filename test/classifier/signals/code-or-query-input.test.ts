import { judges, taking, tool } from './cases.ts';

const string = { type: 'string' };

judges('code-or-query-input', [
  ['a script that runs', taking({ script: { ...string, description: 'The script to run' } }), ['script']],
  ['without a schema, in a sentence', tool('ask', 'Execute a SQL query and return the rows'), true],
  ['without a schema, by name', tool('run_python_code'), true],
  [
    'a script that is named',
    taking({ script: { ...string, description: 'The Worker script that implements this class' } }),
    false,
  ],
  ['without a schema, tests', tool('check', 'Run Python tests of a project'), false],
  ['without a schema, plain words', tool('search', 'Search the documentation'), false],
  ['a command that is named', taking({ command: { ...string, description: 'Name of the command' } }), false],
  ['a code that is no program', taking({ code: { ...string, description: 'Country code' } }), false],
]);
