import { judges, taking, tool } from './cases.ts';

judges('cross-tenant', [
  ["another's things", tool('read', "Read any user's mailbox"), true],
  ['all tenants', tool('find', 'Search sign-ins across all tenants'), true],
  ['for another', tool('book', 'Request leave on behalf of another employee'), true],
  ['in the place of another', tool('impersonate_user', 'Impersonate a user for support'), true],
  ['accounts', tool('logs', 'Query logs with cross-account access'), true],
  ['what administrators may', tool('block', 'Block a user (admin only)'), true],
  ['a parameter', taking({ on_behalf_of: { type: 'string' } }), ['on_behalf_of']],
  ['a parameter with an id', taking({ impersonateUserEmail: { type: 'string' } }), ['impersonateUserEmail']],
  ['the caller', tool('like', 'Like a post on behalf of the authenticated user'), false],
  ['what others see', tool('publish', 'Publish a page that is visible to all users'), false],
  ['what the caller may see', tool('list', 'List all projects that you can see'), false],
  ['a fake', tool('domains', 'Detect phishing and brand impersonation'), false],
  ['a promise', tool('get', "Get a note. It never returns other users' notes."), false],
  ['any input', tool('parse', "Parse any user's input"), false],
  [
    'a tenant that is named by habit',
    taking({ tenant: { type: 'string' } }, 'list', 'List storage accounts'),
    false,
  ],
  ['given away', tool('transfer', "Transfer an app to another user's account"), false],
]);
