import { judges, taking, tool } from './cases.ts';

const list = (description?: string) => ({
  type: 'array',
  items: { type: 'string' },
  ...(description && { description }),
});

judges('bulk', [
  [
    'many by their list',
    taking({ nodes: list('Names of the nodes to restart') }, 'restart', 'Restart nodes of a cluster'),
    ['nodes'],
  ],
  [
    'many inside a list',
    taking(
      {
        deletions: {
          type: 'array',
          items: { type: 'object', properties: { notes: list('Notes to delete') } },
        },
      },
      'delete_notes',
      'Delete specific notes',
    ),
    ['deletions[].notes'],
  ],
  ['the whole of it', tool('clear_cache', 'Clear the entire cache'), true],
  ['all at once', tool('wipe', 'Delete all notes'), true],
  ['mass mail', tool('campaign', 'Mass-mail the subscribers'), true],
  ['the whole of it, only read', tool('read', 'Read the entire file'), false],
  [
    'who should look',
    taking({ reviewers: list() }, 'request_reviewers', 'Request reviewers for a change', ['reviewers']),
    false,
  ],
  [
    'fields of one thing',
    taking({ fields: list() }, 'set_fields', 'Set fields of an issue', ['fields']),
    false,
  ],
  ['mass in physics', tool('calculate_mass_index', 'Calculate the mass index of a pair'), false],
  ['several cities of one trip', tool('search_multi_city', 'Search a trip'), false],
]);
