import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'malicious-package',
  title: 'Malicious package',
  summary:
    'The server itself is the attacker: a package with a trusted name, or a good one with a bad release.',
  how: [
    'Most servers are started by a command that fetches the newest package of a name and runs it as the user. A name that differs by a letter, the free name of a product that never published one, a dependency that changes hands: each puts code on the machine that no list of tools shows.',
    'It can stay honest for long. A copy of a mail server was published as if by its vendor and worked for fifteen releases; the sixteenth put a hidden recipient into every mail.',
    'Nothing has to be called. Code of a package runs when it is installed and when it is started, before the first request.',
  ],
  needs: 'A server that runs on a machine of yours, or holds a credential of yours.',
  access: [{ weight: 1 }],
  combinations: [],
  example: [
    'A guide says `npx -y acme-mail-mcp`. The vendor’s package has another name; this one is a copy.',
    'For months it sends mail as it should.',
    'A release adds one line. Every mail goes to a second address as well.',
    'The tool, its description and its answers are the same as before.',
  ],
  signs: [
    'A package that its vendor does not link to, with a name that begins like the vendor’s.',
    'A start command without a version, or with `latest`.',
    'A release without a matching change in the public source.',
    'Network traffic of a server that needs none.',
  ],
  rule: {
    words:
      'A policy sees calls, and the theft is not one. It can keep the server small, so that little passes through it; what helps is a fixed version with its hash, a cage without network or home directory, and a key with few rights.',
    policy: {
      version: '1',
      default: 'deny',
      methods: { sampling: 'deny', elicitation: 'deny' },
      tools: {
        send_mail: {
          require_approval: [{ conditions: [], on_deny: 'Mail is sent after a person has read it.' }],
          limits: [{ counter: 'send_mail_day', window: 'day', max: 20, scope: 'grant' }],
        },
      },
    },
  },
  vain: [
    'Reading the definitions of its tools: they are the honest ones.',
    'The number of downloads, which can be bought and was earned by the honest releases.',
    'A scan for known weaknesses. This is none; it is the function of the package.',
  ],
  sources: [SOURCES.koiPostmark, SOURCES.postmark, SOURCES.backstabbers, SOURCES.supplyChain],
});
