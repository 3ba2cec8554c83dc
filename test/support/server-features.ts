import { join } from 'node:path';
import type { Feature, Peer } from './mcp-peer.ts';

/** The server sends the text twice, and the SDK's client reads no message of more than ten megabytes. */
const LARGE_CHARS = 3_200_000;

/** What server-filesystem can do in a folder in which `large.txt` has `LARGE` characters. */
export function filesystemFeatures(folder: string): readonly Feature[] {
  const path = (name: string) => join(folder, name);
  return [
    {
      feature: 'the greeting and the tools',
      run: async ({ client, request }) => [client.getServerCapabilities(), await request('tools/list')],
      shows: /write_file/,
    },
    {
      feature: 'folders from the roots of the client',
      async run({ call }) {
        // The server asks for them after the greeting, and answers calls meanwhile.
        for (;;) {
          const result = await call('list_allowed_directories');
          if (JSON.stringify(result).includes(folder)) return result;
        }
      },
      shows: new RegExp(folder),
    },
    {
      feature: 'writing',
      run: ({ call }) => call('write_file', { path: path('a.txt'), content: 'one\ntwo ü\n' }),
      shows: /Successfully wrote/,
    },
    {
      feature: 'reading',
      run: ({ call }) => call('read_text_file', { path: path('a.txt') }),
      shows: /two ü/,
    },
    {
      feature: 'several files at once',
      run: ({ call }) => call('read_multiple_files', { paths: [path('a.txt'), path('none.txt')] }),
      shows: /ENOENT/,
    },
    {
      feature: 'a change that is only shown',
      run: ({ call }) =>
        call('edit_file', { path: path('a.txt'), edits: [{ oldText: 'one', newText: '1' }], dryRun: true }),
      shows: /-one/,
    },
    {
      feature: 'a picture',
      run: ({ call }) => call('read_media_file', { path: path('dot.png') }),
      shows: /"mimeType": "image\/png"/,
    },
    {
      feature: 'a tree',
      run: ({ call }) => call('directory_tree', { path: folder }),
      shows: /large\.txt/,
    },
    {
      feature: 'a refusal',
      run: ({ call }) => call('read_text_file', { path: '/etc/hostname' }),
      shows: /Access denied/,
    },
    {
      feature: 'a file of megabytes',
      async run({ call }) {
        const { content } = await call('read_text_file', { path: path('large.txt') });
        const [{ text }] = content as [{ text: string }];
        return [text.length, text.slice(-10)];
      },
      shows: new RegExp(`${LARGE_CHARS}`),
    },
  ];
}

/** The content of `large.txt`. */
export const LARGE = `${'0123456789abcde\n'.repeat(LARGE_CHARS / 16)}`;

/** A picture of one dot. */
export const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A page with something to do. */
export const PAGE = `<!doctype html><title>A page</title><h1>Hello</h1>
<label>Name <input id="name"></label>
<button onclick="document.title = 'Pressed by ' + document.getElementById('name').value; console.log('pressed')">Press</button>`;

/** What @playwright/mcp can do with a page at `url`. */
export function playwrightFeatures(url: string): readonly Feature[] {
  return [
    {
      feature: 'the greeting and the tools',
      run: async ({ client, request }) => [client.getServerCapabilities(), await request('tools/list')],
      shows: /browser_navigate/,
    },
    {
      feature: 'opening a page',
      run: async ({ call }) => call('browser_navigate', { url }),
      shows: /A page/,
    },
    { feature: 'what is on it', run: ({ call }) => call('browser_snapshot'), shows: /button \\"Press\\"/ },
    {
      feature: 'typing and pressing',
      async run(peer) {
        await peer.call('browser_type', {
          element: 'Name',
          target: await refOf(peer, 'textbox'),
          text: 'Ada',
        });
        const target = await refOf(peer, 'button');
        return peer.call('browser_click', { element: 'Press', target });
      },
      shows: /Press/,
    },
    {
      feature: 'running a script in it',
      run: ({ call }) =>
        call('browser_evaluate', { function: '() => document.title + ", " + "ü".repeat(3)' }),
      shows: /Pressed by Ada, üüü/,
    },
    {
      feature: 'a screenshot',
      async run({ call }) {
        const { content } = await call('browser_take_screenshot', { type: 'png' });
        // The bytes of two pictures of one page may differ.
        return (content as { type: string; data?: string }[]).map(({ type, data = '' }) => [
          type,
          data.startsWith('iVBORw0KGgo'),
        ]);
      },
      shows: /"image",\s+true/,
    },
    {
      feature: 'a page that is not there',
      run: ({ call }) => call('browser_navigate', { url: 'http://127.0.0.1:1/' }),
      shows: /"isError": true/,
    },
    { feature: 'an unknown tool', run: ({ call }) => call('no_such_tool'), shows: /no_such_tool/ },
    {
      feature: 'closing',
      async run({ call }) {
        const { content } = await call('browser_close');
        // The page of an error may or may not be there yet after a failed visit.
        return JSON.stringify(content).replace(/- Page URL: [^"\\\n]*/, '');
      },
      shows: /page.close/,
    },
  ];
}

/** By what name the server calls an element of the page. */
async function refOf({ call }: Peer, role: string): Promise<string> {
  const text = JSON.stringify(await call('browser_snapshot'));
  const [, ref = ''] = new RegExp(`- ${role} [^\\n]*?\\[ref=(\\w+)\\]`).exec(text) ?? [];
  return ref;
}
