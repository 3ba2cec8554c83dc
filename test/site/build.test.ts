import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { PolicyDocument } from '../../policy/contract.ts';
import { loadAssets } from '../../site/assets.ts';
import { placeIn } from '../../site/build/write-files.ts';
import { awkward, hostile, seeds } from './samples.ts';
import { type GivenServer, sheetsOf, siteOf } from './view.ts';

const TAG = /<!doctype html>|<\/?([a-z0-9]+)((?:\s+[\w-]+(?:="[^"<>]*")?)*)\s*\/?>/gi;
const ATTRIBUTE = /\s([\w-]+)(?:="[^"]*")?/g;

const TAGS = new Set(
  `a article aside b bdi blockquote body button caption code dd details div dl dt fieldset figcaption
  figure footer form h1 h2 h3 head header html img input label legend li link main mark meta nav noscript
  ol option output p pre q rect script section select small span strong summary svg table tbody td
  template textarea th thead time title tr ul`.split(/\s+/),
);

const ATTRIBUTES = new Set(
  `action alt aria-current aria-describedby aria-hidden aria-label aria-labelledby autocapitalize
  autocomplete charset checked class content data-category data-copy data-download data-file data-filter
  data-filters data-find data-id data-key data-label data-mark data-more data-otherwise data-results
  data-risk data-search data-sortable data-status data-value datetime defer dir for height hidden href
  http-equiv id lang maxlength method name preserveAspectRatio property rel role rows scope spellcheck src
  tabindex title type value viewBox width x`.split(/\s+/),
);

/** Data, which no browser runs; what stands in it has no `<`. */
const LINKED_DATA = /<script type="application\/ld\+json">[^<]*<\/script>/g;

const HIDDEN = /[\p{Cs}\u202a-\u202e\u2066-\u2069\u200b\u{e0000}-\u{e007f}]|(?![\n\t])\p{Cc}/u;

const everything = [...seeds, ...awkward, hostile];

async function build(servers: readonly GivenServer[]): Promise<Map<string, string>> {
  const assets = loadAssets().map(({ path, contents }) => [path, String(contents)] as const);
  return new Map([...assets, ...(await siteOf(servers))]);
}

const site = await build(everything);

describe('the built site', () => {
  const html = [...site].filter(([path]) => path.endsWith('.html'));

  it('has a page for every server and tool, and nothing outside its folder', () => {
    for (const server of sheetsOf(everything)) {
      expect(site.has(`servers/${server.slug}/index.html`), server.slug).toBe(true);
      for (const tool of server.tools) {
        expect(site.has(`servers/${server.slug}/${tool.slug}.html`), tool.slug).toBe(true);
      }
    }
    expect([...site.keys()].filter((path) => path.endsWith('policy.json'))).toHaveLength(everything.length);
    for (const path of site.keys()) expect(() => placeIn('/out', path)).not.toThrow();
  });

  it('is the same twice', async () => {
    expect([...(await build(everything))]).toEqual([...site]);
  });

  it('has no two elements with one id, and headings that skip no level', () => {
    for (const [path, text] of html) {
      const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      expect(new Set(ids).size, path).toBe(ids.length);
      const levels = [...text.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
      expect(levels[0], path).toBe(1);
      for (const [index, level] of levels.entries())
        expect(level - (levels[index - 1] ?? 0), path).toBeLessThan(2);
    }
  });

  it('has no markup but its own, no script but its files, and no hidden character', () => {
    for (const [path, text] of html) {
      const strange = text
        .replaceAll(LINKED_DATA, '')
        .replaceAll(TAG, (tag, name = 'html', attributes = '') => (isOurs(name, attributes) ? '' : tag));
      expect(/[<>].{0,80}/.exec(strange)?.[0], path).toBeUndefined();
      expect(
        text.replaceAll(LINKED_DATA, '').match(/<script(?! (?:defer )?src="[\w./]+"><\/script>)/g),
        path,
      ).toBeNull();
      expect(text.match(/<title/g)?.length, path).toBe(1);
      expect(/href="(?!https?:)[a-z]+:/i.exec(text)?.[0], path).toBeUndefined();
      expect(HIDDEN.exec(text)?.[0], path).toBeUndefined();
    }
  });

  it('never calls a tool safe, and never shouts', async () => {
    for (const [path, text] of [...(await build([...seeds, ...awkward]))].filter(([name]) =>
      name.endsWith('.html'),
    )) {
      const words = text
        .replaceAll(/<(pre|code|q|script|blockquote)\b[\s\S]*?<\/\1>/g, ' ')
        .replaceAll(/<[^>]*>/g, ' ');
      expect(words, path).not.toMatch(/\bsafe\b|\bunlock/i);
      expect(words, path).not.toContain('!');
    }
  });

  it('gives each server a policy document that names all its tools', () => {
    for (const server of sheetsOf(everything)) {
      const document = JSON.parse(site.get(`servers/${server.slug}/policy.json`) ?? '');
      PolicyDocument.parse(document);
      expect(new Set(Object.keys(document.tools))).toEqual(
        new Set(server.tools.map((tool) => tool.definition.name)),
      );
    }
  });

  it('brings the schema that each of its policies follows', () => {
    const validate = new Ajv2020().compile(JSON.parse(site.get('policy-1.schema.json') ?? ''));
    for (const server of sheetsOf(everything)) {
      const document = JSON.parse(site.get(`servers/${server.slug}/policy.json`) ?? '');
      expect(validate(document), server.slug).toBe(true);
    }
  });

  it('can be built from a catalogue that is empty', async () => {
    const empty = await build([]);
    expect(empty.get('index.html')).toContain('No server has been scanned yet');
  });
});

function isOurs(tag: string, attributes: string): boolean {
  return TAGS.has(tag) && [...attributes.matchAll(ATTRIBUTE)].every(([, name = '']) => ATTRIBUTES.has(name));
}
