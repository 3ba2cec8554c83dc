import { judges, taking, tool } from './cases.ts';

const string = { type: 'string' };

judges('url-input', [
  [
    'a second way to name a source',
    taking({ source: { ...string, description: 'Resource ID or a blob URI of a disk' } }),
    ['source'],
  ],
  ['a path or URL', taking({ image: { ...string, description: 'Path or URL to an image' } }), ['image']],
  [
    'a document without a schema',
    tool('save', 'Save a bookmark. Args: link_url: The page to save'),
    ['link_url'],
  ],
  ['a text without a schema', tool('crawl', 'Crawl a URL and return HTML content'), true],
  ['a name without a schema', tool('fetch_url'), true],
  ['an address that comes back', tool('create', 'Create a session and return the session URL'), false],
  ['a schema without an address', taking({ id: string }, 'open', 'Open a URL that was stored'), false],
  ['a number', taking({ url_count: { type: 'integer' } }), false],
  ['a fixed choice', taking({ endpoint: { enum: ['eu', 'us'] } }), false],
  ['a form of encoding', taking({ text: { ...string, description: 'Plain or URL-encoded text' } }), false],
]);
