import { judges, tool } from './cases.ts';

function claims(name: string, description: string, annotations: Record<string, boolean>) {
  return { ...tool(name, description), annotations };
}
const reads = { readOnlyHint: true };
const harmless = { readOnlyHint: false, destructiveHint: false };

judges('annotation-mismatch', [
  ['mail', claims('send_mail', 'Sends mail to people', reads), true],
  ['an installation', claims('install', 'Install an extension', reads), true],
  ['a removal', claims('delete_rows', 'Delete rows of a table', harmless), true],
  [
    'two claims against each other',
    claims('get_row', 'Get a row', { ...reads, destructiveHint: true }),
    true,
  ],
  ['a promise to read', claims('query', 'Executes a read-only SQL query', reads), false],
  ['something worked out', claims('embed', 'Create embeddings for a text with a model', reads), false],
  ['what is light to put back', claims('unlabel', 'Remove a label from an issue', harmless), false],
  ['a claim of more than there is', claims('get_row', 'Get a row', { readOnlyHint: false }), false],
  ['no claim', tool('delete_rows', 'Delete rows of a table'), false],
  ['a name that says nothing', claims('zap', 'Zap', reads), false],
]);
