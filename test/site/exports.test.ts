import { describe, expect, it } from 'vitest';
import { exportServer } from '../../cli/export.ts';
import { targets } from '../../policy/targets/index.generated.ts';
import { decodeEntities } from '../support/html-text.ts';
import { awkward, mailbox, seeds } from './samples.ts';
import { sheetsOf, siteOf } from './view.ts';

const GIVEN = [...seeds, ...awkward, mailbox];
const site = await siteOf(GIVEN);

function shown(slug: string, target: string): string {
  const page = site.get(`servers/${slug}/index.html`) ?? '';
  const [, text = ''] = new RegExp(`<code id="export-${target}">([^<]*)</code>`).exec(page) ?? [];
  return decodeEntities(text);
}

describe('the policy of a server, on its page', () => {
  it.each(targets.map(({ id }) => id))('for %s is what the command writes', (id) => {
    const target = targets.find((one) => one.id === id);
    for (const server of sheetsOf(GIVEN).filter(({ tools }) => tools.length > 0)) {
      if (target === undefined) throw new Error(id);
      const { text } = exportServer({ server, serverName: server.slug }, target, 'recommended');
      expect(shown(server.slug, id), server.slug).toBe(text.trimEnd());
    }
  });

  it('is not written out where it is too long, and the page says which command writes it', async () => {
    const tools = Array.from({ length: 900 }, (_, n) => ({
      name: `create_thing_of_kind_${n}`,
      description: `Creates a thing of kind ${n}.`,
      inputSchema: { type: 'object' },
    }));
    const page = (await siteOf([{ label: 'large', tools }])).get('servers/large/index.html') ?? '';
    expect(page).not.toContain('id="export-rego"');
    expect(page).toContain('catalogue export large --target rego');
  });
});
