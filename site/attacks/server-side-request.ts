import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'server-side-request',
  title: 'Server-side request forgery',
  summary: 'A tool that fetches any address is sent to one that only the server can reach.',
  how: [
    'The server that fetches stands somewhere: in a company network, in a cloud, on a developer’s machine. From there it reaches what the stranger cannot: the metadata service that hands out cloud credentials, databases without a password, an administration page on localhost.',
    'The address need not look like that. A public name may resolve to an inner number, a redirect may lead from outside to inside, and a number can be written in a dozen ways.',
    'The client is exposed as well. During sign-in it fetches addresses that the server names, and a hostile server may name inner ones.',
  ],
  needs: 'A tool whose address, host or endpoint the caller chooses, run where something inner is in reach.',
  access: [
    { signal: 'url-input', weight: 3 },
    { signal: 'open-world', weight: 1 },
  ],
  combinations: [],
  example: [
    'A server in a cloud offers `convert_page`, which turns the page at `url` into Markdown.',
    'A text that the agent reads asks for the page `http://169.254.169.254/latest/meta-data/iam/security-credentials/`.',
    'The machine answers its own server with the credentials of its role.',
    'They come back as Markdown, into the context of the model.',
  ],
  signs: [
    'An address parameter and no word about which addresses are refused.',
    'Arguments with numbers for hosts, with `localhost`, or with names that end in `.internal` or `.local`.',
    'Tools that import, preview, convert or check “from a URL”.',
  ],
  rule: {
    words:
      'Require https and known hosts. A rule sees the address as it is written, so where names and redirects lead has to be stopped by the network of the server as well.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        convert_page: {
          require: [
            {
              conditions: [
                { path: 'args.url', op: 'regex', value: '^https://[a-z0-9-]+\\.wikipedia\\.org/' },
              ],
              on_deny: 'Only pages of wikipedia.org are converted.',
            },
          ],
        },
      },
    },
  },
  vain: [
    'A list of forbidden numbers: names, redirects and other spellings pass it.',
    'A check of the name before the request, which resolves it a second time.',
    'Trust in the caller, who is an agent that reads strangers’ texts.',
  ],
  sources: [SOURCES.cweRequest, SOURCES.requestForgery, SOURCES.mcpPractices],
});
