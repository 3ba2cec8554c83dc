import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { badge } from '../../site/badge.ts';
import { embed } from '../../site/badge-snippet.ts';
import { RISKS } from '../../site/words.ts';
import { awkward, eventful, hostile, seeds } from './samples.ts';
import { SETTINGS, sheetsOf, siteOf } from './view.ts';
import { NOWHERE } from './without-address.ts';

const given = [...seeds, ...awkward, hostile, eventful];
const site = await siteOf(given);
const badges = [...site].filter(([path]) => /^servers\/.*\.svg$/.test(path));

function says(path: string): string {
  return load(site.get(path) ?? '', { xml: true })('svg > title').text();
}

describe('badges', () => {
  it('exist for every server and every tool, also for those that are gone', () => {
    const tools = sheetsOf(given).reduce(
      (sum, { tools, vanished }) => sum + tools.length + vanished.length,
      0,
    );
    expect(badges).toHaveLength(given.length + tools);
  });

  it.each([
    ['servers/leapfrog/session_create_batch.svg', 'MCP tool: medium risk'],
    ['servers/eventful/purge_logs.svg', 'MCP tool: critical risk'],
    ['servers/eventful/drop_table.svg', 'MCP tool: no longer listed'],
    ['servers/awkward/badge.svg', 'MCP tools: 6, 3 critical'],
    ['servers/stale/badge.svg', 'MCP tools: 1 low'],
    ['servers/broken/badge.svg', 'MCP tools: not listed'],
    ['servers/empty/badge.svg', 'MCP tools: none listed'],
  ])('%s says %s', (path, text) => {
    expect(says(path)).toBe(text);
  });

  it('are small pictures with a name, without scripts, styles, addresses or words of strangers', () => {
    for (const [path, svg] of badges) {
      expect(Buffer.byteLength(svg), path).toBeLessThan(1000);
      const $ = load(svg, { xml: true });
      expect($('svg').attr('role')).toBe('img');
      expect($('svg').attr('aria-label')).toBe($('svg > title').text());
      expect($('script, style, image, a, foreignObject, use')).toHaveLength(0);
      expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
    }
    const ofTools = badges.filter(([path]) => !path.endsWith('/badge.svg')).map(([, svg]) => svg);
    expect(new Set(ofTools).size).toBeLessThanOrEqual(RISKS.length + 1);
  });

  it('tell the four levels apart by colour, by word and by shape', () => {
    const parts = RISKS.map((risk) => {
      const $ = load(badge('x', { text: `${risk} risk`, risk }), { xml: true });
      return [$('path').eq(1).attr('fill'), $('title').text(), $('g').first().html()];
    });
    for (const column of [0, 1, 2])
      expect(new Set(parts.map((part) => part[column])).size).toBe(RISKS.length);
  });

  it('can be read: white on each ground has a contrast of 4.5 at least', () => {
    for (const [path, svg] of badges) {
      const $ = load(svg, { xml: true });
      const grounds = $('svg > path')
        .toArray()
        .map((part) => $(part).attr('fill') ?? '');
      expect(grounds, path).toHaveLength(2);
      for (const ground of grounds) expect(1.05 / (luminance(ground) + 0.05), ground).toBeGreaterThan(4.5);
    }
  });

  it('hold their text inside', () => {
    for (const [path, svg] of badges) {
      const $ = load(svg, { xml: true });
      const [label, value] = $('text')
        .toArray()
        .map((text) => ({ x: Number($(text).attr('x')), width: Number($(text).attr('textLength')) }));
      if (label === undefined || value === undefined) throw new Error(`${path} has no text`);
      expect(label.x + label.width).toBeLessThan(value.x);
      expect(value.x + value.width).toBeLessThan(Number($('svg').attr('width')));
    }
  });
});

/** Relative luminance (WCAG 2.2) of a colour such as `#3d6470`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('the snippets', () => {
  const of = { path: 'servers/a/b.html', badgePath: 'servers/a/b.svg', of: 'tool' } as const;

  it('show the badge as it stands on the page, and what to paste elsewhere', () => {
    const $ = load(embed({ ...of, settings: SETTINGS }).toString());
    expect($('img').attr('src')).toBe('b.svg');
    expect($('#badge-markdown').text()).toBe(
      '[![Risk of this MCP tool](https://catalogue.example/servers/a/b.svg)](https://catalogue.example/servers/a/b.html)',
    );
  });

  it('say how to get an address where there is none', () => {
    const $ = load(embed({ ...of, settings: NOWHERE }).toString());
    expect($('pre')).toHaveLength(0);
    expect($('section').text()).toContain('--base-url');
  });
});
