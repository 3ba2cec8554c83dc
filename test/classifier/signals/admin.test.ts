import { judges, tool } from './cases.ts';

judges('admin', [
  ['stated', tool('sync', 'Start a sync. Requires administrative permissions.'), true],
  ['access of a person', tool('off', "Disables a user's access to an agency"), true],
  ['access of a team', tool('team', 'Grant a team access to a project'), true],
  ['how a server is set up', tool('param', 'Sets a single server parameter'), true],
  ['who may connect', tool('approve', 'Update the state of a private endpoint connection'), true],
  ['a thing for domains', tool('create', 'Create a namespace for dispatching custom domains'), false],
  [
    'what may be needed',
    tool('review', 'Review a cluster. Some checks may require superuser rights.'),
    false,
  ],
  ['a look', tool('roles', 'List the roles of a subscription'), false],
  ['a note', tool('note', 'Create a note'), false],
]);
