import { judges, taking, tool } from './cases.ts';

const string = { type: 'string' };

judges('path-input', [
  [
    'one of several forms',
    taking({ certificate: { ...string, description: 'Path to a PEM file, or base64 text' } }),
    ['certificate'],
  ],
  [
    'described by what it leads to',
    taking({ project: { ...string, description: 'The path of the project' } }),
    ['project'],
  ],
  [
    'documented in the text only',
    taking({ project: {} }, 'tree', 'Show the tree. Args: project: The path of the project'),
    ['project'],
  ],
  [
    'without a schema, documented',
    tool('find', 'Find a term. Args: epub_path: Path to the book'),
    ['epub_path'],
  ],
  ['without a schema, by name', tool('read_file'), true],
  ['without a schema, in a sentence', tool('move', 'Move or rename a file or directory'), true],
  ['a path that comes back', tool('render', 'Render a chart. Returns the file path.'), false],
  ['a file of a store', tool('read_file', 'Read a file of a repository by its id'), false],
  ['a profile', taking({ profile: string }), false],
  ['a path in a document', taking({ path: { ...string, description: 'JSON path of the field' } }), false],
]);
