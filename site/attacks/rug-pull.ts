import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'rug-pull',
  title: 'Rug pull',
  summary: 'A tool that was read and approved is replaced later by another one of the same name.',
  how: [
    'A list of tools is not a promise. A server can answer differently tomorrow, and the protocol has a notification for just that. Approval is given once, most often for a name, and holds for whatever stands behind the name from then on.',
    'What changes may be the description, so that it now gives orders; the parameters, so that one more is asked for; or only the code, so that the definition stays as it was.',
    'The same happens one level up, where a client remembers that an entry of its configuration was trusted and not what the entry said: the command behind it can be exchanged.',
  ],
  needs: 'Any tool whose definition is fetched anew and compared with nothing.',
  access: [{ weight: 1 }],
  combinations: [],
  example: [
    'A team reviews a server with `get_fact`, finds nothing, and allows it.',
    'A release later the description of `get_fact` has a second paragraph that tells the model to read the messages of another server first.',
    'Clients fetch the new list at their next start. Nobody is asked, because the name is known.',
    'The model acts on the paragraph that nobody has read.',
  ],
  signs: [
    'A definition whose hash is not the one that was reviewed; the history on the page of a tool shows each.',
    'A server that lists different tools to different clients, or at different times of a day.',
    'A new parameter on a tool that did its work without it.',
  ],
  rule: {
    words:
      'Deny what the policy does not name, so that new tools do not pass, and pin the definitions: `catalogue pin` writes their hashes, and the gateway denies with `--lock` every tool that is not as it was pinned. A policy alone goes by names and would not notice.',
    policy: { version: '1', default: 'deny', tools: { get_fact: {} } },
  },
  vain: [
    'A review at the time of installing: what was reviewed is what is replaced.',
    'Pinning the version of a package where the server is reached over the network: the code there is not yours.',
    'Pinning definitions, where only the code behind them changes. That calls for pinning the package and for a cage around the process.',
  ],
  sources: [SOURCES.toolPoisoning, SOURCES.mcpPoison, SOURCES.etdi, SOURCES.whatsapp],
});
