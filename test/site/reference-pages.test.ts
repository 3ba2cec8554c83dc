import { describe, expect, it } from 'vitest';
import { patterns } from '../../classifier/combinations/table.ts';
import type { RiskLevel } from '../../classifier/contract.ts';
import { signals } from '../../classifier/signals/index.generated.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { precisionOf } from '../../site/accuracy.ts';
import { attacks } from '../../site/attacks/index.generated.ts';
import { MAX_TOP_SERVERS } from '../../site/limits.ts';
import {
  attackPath,
  attacksPath,
  categoryPath,
  href,
  riskPath,
  serverPath,
  signalPath,
  signalsPath,
  toolPath,
} from '../../site/links.ts';
import { CATEGORY_TEXTS } from '../../site/reference/category-texts.ts';
import { RISK_TEXTS } from '../../site/reference/risk-texts.ts';
import { judgeExample } from '../../site/reference/rule.ts';
import { visible } from '../../site/visible.ts';
import { CATEGORIES, RISKS } from '../../site/words.ts';
import { decodeEntities } from '../support/html-text.ts';
import { awkward, hostile, seeds } from './samples.ts';
import { type GivenServer, sheetsOf, siteOf } from './view.ts';

/** Three servers of which everything can be counted by hand. */
const counted: readonly GivenServer[] = [
  {
    label: 'alpha',
    tools: [
      { name: 'list_things', description: 'Lists the things.', inputSchema: {} },
      {
        name: 'get_page',
        description: 'Fetches a page.',
        inputSchema: { type: 'object', properties: { url: { type: 'string' } } },
      },
      { name: 'delete_thing', description: 'Deletes a thing.', inputSchema: {} },
    ],
  },
  {
    label: 'beta',
    tools: [
      { name: 'create_thing', description: 'Creates a thing.', inputSchema: {} },
      { name: 'delete_thing', description: 'Deletes a thing.', inputSchema: {} },
      { name: 'delete_user', description: 'Deletes a user.', inputSchema: {} },
    ],
  },
  { label: 'empty', tools: [] },
];

const small = await siteOf(counted);
const full = await siteOf([...seeds, ...awkward, hostile]);
const nothing = await siteOf([]);

function page(path: string, site = small): string {
  const contents = site.get(path);
  if (contents === undefined) throw new Error(`No page ${path}`);
  return contents;
}

/** What a reader sees, with a blank wherever a tag stood. */
function cells(markup: string): string {
  return decodeEntities(markup.replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ');
}

function section(path: string, id: string, site = small): string {
  const [, found] =
    new RegExp(`<section[^>]* aria-labelledby="${id}">([\\s\\S]*?)</section>`).exec(page(path, site)) ?? [];
  if (found === undefined) throw new Error(`No section ${id} on ${path}`);
  return found;
}

function policyOn(path: string): string {
  return decodeEntities(/<code id="rule-text">([^<]*)<\/code>/.exec(page(path))?.[1] ?? '');
}

const REFERENCE_PATHS = [
  attacksPath,
  signalsPath,
  ...attacks.map(({ id }) => attackPath(id)),
  ...signals.map(({ id }) => signalPath(id)),
  ...RISKS.map(riskPath),
  ...CATEGORIES.map(categoryPath),
];

describe('every page of the reference', () => {
  it.each(REFERENCE_PATHS)('%s is there, also for an empty catalogue and a hostile one', (path) => {
    for (const site of [small, full, nothing]) {
      const html = page(path, site);
      expect(html).toMatch(/^<!doctype html>/);
      expect(html).not.toContain('<script>globalThis');
      expect(html).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it.each([...attacks.map(({ id }) => attackPath(id)), ...signals.map(({ id }) => signalPath(id))])(
    '%s shows a policy that can be used',
    (path) => {
      expect(parsePolicy(policyOn(path))).toMatchObject({ ok: true });
    },
  );

  it.each(REFERENCE_PATHS)('%s leads only to pages that there are', (path) => {
    const known = new Set([...small.keys(), 'assets/site.css', 'assets/favicon.svg']);
    const targets = [...page(path).matchAll(/<a [^>]*href="([^"#:]+)"/g)].map(([, target = '']) =>
      new URL(target, `https://x.example/${path}`).pathname.slice(1),
    );
    // The head and the foot of every page lead to pages that are made elsewhere.
    const own = targets.filter((target) => /^(?:signals|attacks|risks|categories|servers)\//.test(target));
    expect(own.filter((target) => !known.has(target))).toEqual([]);
    expect(own.length).toBeGreaterThan(2);
  });
});

describe('a signal’s page', () => {
  it.each(signals)('$id has all examples of both sides, with what it rests on marked', (signal) => {
    const path = signalPath(signal.id);
    const fires = section(path, 'fires');
    const silent = section(path, 'silent');
    for (const [examples, shown] of [
      [signal.examples.fires, fires],
      [signal.examples.silent, silent],
    ] as const) {
      expect(shown.match(/<figure class="said">/g)).toHaveLength(examples.length);
      for (const { name, description } of examples) {
        const text = decodeEntities(shown.replaceAll(/<[^>]*>/g, ''));
        expect(text).toContain(visible(name));
        if (description !== undefined) expect(text).toContain(visible(description, { lines: true }));
      }
    }
    expect(fires.match(/Found, (?:high|medium|low) confidence/g)).toHaveLength(signal.examples.fires.length);
    expect(silent).not.toContain('<mark>');
    expect(silent.match(/Not found/g)).toHaveLength(signal.examples.silent.length);
    for (const said of [signal.label, signal.why, signal.looksAt, signal.falsePositives]) {
      expect(cells(page(path)).toLowerCase()).toContain(
        said.toLowerCase().replaceAll('`', ' ').trim().slice(0, 20),
      );
    }
  });

  it('marks the parameter that it is about, and says where it stands', () => {
    const fires = section(signalPath('url-input'), 'fires');
    expect(fires).toContain('<mark>url</mark>');
    expect(cells(fires)).toMatch(/An address that the caller chooses: url in a parameter tabs\[\]\.url/);
  });

  it('shows hidden characters as code points', () => {
    expect(page(signalPath('hidden-characters'))).not.toMatch(/[\u200b\u202e\u{e0041}]/u);
    expect(section(signalPath('hidden-characters'), 'fires')).toMatch(/<mark>[^<]*\[U\+/);
  });

  it('counts how often it is found, by risk, and names the tools', () => {
    const path = signalPath('destructive-effect');
    expect(cells(section(path, 'figures'))).toContain('3 tools (50 % of all) on 2 servers. Critical 3');
    const rows = [
      ...section(path, 'examples').matchAll(/<tr><th scope="row"><a class="mono" href="([^"]*)"/g),
    ];
    expect(rows).toHaveLength(2);
    for (const [, target = ''] of rows) expect(target).toMatch(/^\.\.\/servers\/(?:alpha|beta)\/delete_/);
    expect(cells(section(signalPath('router'), 'figures'))).toContain(
      'None of the 6 tools of the catalogue.',
    );
  });

  it('says how often it was right where it fired, or that nobody measured it', () => {
    for (const { id } of signals) {
      const [, said = ''] = /Measured precision<\/dt><dd>([\s\S]*?)<\/dd>/.exec(page(signalPath(id))) ?? [];
      const measured = precisionOf(id);
      if (measured?.value === null || measured === undefined) expect(cells(said)).toContain('Not measured');
      else expect(cells(said)).toContain(`${Math.round(measured.value * 100)} %`);
    }
  });

  it('does not offer a cap for text that misleads, but takes the tool out of the list', () => {
    for (const { id, group, examples } of signals) {
      const policy = JSON.parse(policyOn(signalPath(id)));
      const hidden = group === 'attack-text' ? [examples.fires[0]?.name] : undefined;
      expect(policy.hide).toEqual(hidden);
    }
  });

  it('names what it does to the risk, and the attacks that use the access', () => {
    expect(cells(page(signalPath('destructive-effect')))).toContain(
      'The tool is destructive. Makes the risk critical at least.',
    );
    expect(cells(page(signalPath('tool-shadowing')))).toContain('Can make the risk high.');
    expect(cells(page(signalPath('path-input')))).toContain('the risk stays as the category makes it');
    expect(section(signalPath('path-input'), 'attacks')).toMatch(
      /path-traversal\.html.*write-then-run\.html/s,
    );
  });
});

describe('the list of signals', () => {
  it('has a row for each, with its figures', () => {
    for (const { id, title } of signals) {
      expect(page(signalsPath)).toContain(`<a href="${id}.html">${title}</a>`);
    }
    expect(cells(page(signalsPath))).toMatch(/Destroys or removes data What is gone [^%]*? 3 50 %/);
  });
});

describe('an attack’s page', () => {
  it.each(attacks)('$id has its parts, with sources that open elsewhere', ({ id, sources, summary }) => {
    const path = attackPath(id);
    for (const part of ['how', 'needs', 'example', 'signs', 'rule', 'vain', 'sources']) section(path, part);
    for (const { address } of sources)
      expect(decodeEntities(section(path, 'sources'))).toContain(`href="${address}"`);
    expect(cells(page(path))).toContain(cells(summary.replaceAll('`', '')).trim().slice(0, 40));
    expect(page(attacksPath)).toContain(`href="${id}.html"`);
  });

  it('counts the tools that have the access, where a total tells', () => {
    expect(cells(section(attackPath('destructive-autonomy'), 'needs'))).toMatch(
      /Destructive The attack is about it 3 tools 50 % on 2 servers/,
    );
    expect(cells(section(attackPath('server-side-request'), 'needs'))).toMatch(
      /Accepts a URL or an endpoint The attack is about it 1 tool 17 % on 1 server/,
    );
    expect(cells(section(attackPath('rug-pull'), 'needs'))).toContain('Any tool');
    expect(cells(section(attackPath('sql-through-read-tool'), 'needs'))).toContain('not counted');
  });

  it('explains the combinations by which it is found, and gives tools with the access', () => {
    const [trifecta] = patterns;
    expect(cells(section(attackPath('cross-server-flow'), 'needs'))).toContain(trifecta?.title);
    expect(section(attackPath('destructive-autonomy'), 'examples')).toContain('delete_');
    expect(page(attackPath('rug-pull'))).not.toContain('id="examples"');
  });
});

describe('the page of a risk', () => {
  it.each([
    ['critical', '3 tools (50 % of all) on 2 servers.', 'Write 3'],
    ['medium', '1 tool (17 % of all) on 1 server.', 'Write 1'],
    ['low', '2 tools (33 % of all) on 1 server.', 'Read 2'],
  ] as const)('%s counts its tools by category', (risk, extent, category) => {
    expect(cells(section(riskPath(risk), 'figures'))).toContain(extent);
    expect(cells(section(riskPath(risk), 'figures'))).toContain(category);
  });

  it('says that a level has no tools, and that the catalogue is empty', () => {
    expect(cells(page(riskPath('high')))).toContain('None of the 6 tools of the catalogue.');
    expect(cells(page(riskPath('high'), nothing))).toContain('The catalogue holds no tools yet.');
  });

  it('lists the servers with the most such tools first', () => {
    const rows = cells(section(riskPath('critical'), 'servers-title'));
    expect(rows).toMatch(/beta 2 3 alpha 1 3 All servers/);
    expect(rows).not.toContain('empty');
    const many = Array.from({ length: MAX_TOP_SERVERS + 3 }, (_, index) => ({
      label: `server ${index}`,
      tools: [{ name: 'delete_thing', description: 'Deletes a thing.', inputSchema: {} }],
    }));
    return siteOf(many).then((site) => {
      const long = section(riskPath('critical'), 'servers-title', site);
      expect(long.match(/<tr><th scope="row">/g)).toHaveLength(MAX_TOP_SERVERS);
      expect(cells(long)).toContain(`${many.length} servers have such tools`);
    });
  });

  it.each(RISKS)('%s shows a rule for a tool that has this risk', (risk: RiskLevel) => {
    const { example } = RISK_TEXTS[risk];
    expect(judgeExample(example).classification.risk).toBe(risk);
    expect(JSON.parse(policyOn(riskPath(risk))).tools).toHaveProperty(example.name);
  });

  it('leads to its siblings and to the signals that raise a tool to it', () => {
    for (const other of ['high', 'medium', 'low'] as const) {
      expect(page(riskPath('critical'))).toContain(`href="${href(riskPath('critical'), riskPath(other))}"`);
    }
    expect(section(riskPath('critical'), 'ways')).toContain('signals/destructive-effect.html');
    expect(section(riskPath('high'), 'ways')).toContain('signals/returns-secrets.html');
  });
});

describe('the page of a category', () => {
  it.each([
    ['Read', '2 tools (33 % of all) on 1 server. Low 2', 'alpha 2 3'],
    ['Write', '4 tools (67 % of all) on 2 servers. Critical 3', 'beta 3 3 alpha 1 3'],
  ] as const)('%s counts its tools by risk', (category, figures, servers) => {
    const path = categoryPath(category);
    expect(
      cells(section(path, 'figures')).replaceAll(/Critical 0 0 % High 0 0 % Medium 0 0 % /g, ''),
    ).toContain(figures);
    expect(cells(section(path, 'servers-title'))).toContain(servers);
  });

  it.each(CATEGORIES)('%s shows the rule of a plain tool, and borderline cases of both sides', (category) => {
    const { example, borderline } = CATEGORY_TEXTS[category];
    expect(judgeExample(example).classification).toMatchObject({ category, destructive: false });
    const verdicts = borderline.map(({ tool }) => judgeExample(tool).classification.category);
    expect(verdicts).toContain(category);
    expect(verdicts.some((verdict) => verdict !== category)).toBe(true);
    for (const { tool } of borderline) {
      expect(cells(section(categoryPath(category), 'borderline'))).toContain(tool.name);
    }
  });
});

describe('links to the catalogue', () => {
  it('lead to the tools and servers that they name', () => {
    const [alpha] = sheetsOf(counted);
    const tool = alpha?.tools.find(({ slug }) => slug === 'get_page');
    if (alpha === undefined || tool === undefined) throw new Error('no tool');
    const path = signalPath('url-input');
    expect(page(path)).toContain(`href="${href(path, toolPath(alpha, tool))}"`);
    expect(page(path)).toContain(`href="${href(path, serverPath(alpha))}"`);
  });
});
