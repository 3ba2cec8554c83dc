import { describe, expect, it } from 'vitest';
import { buildSite } from '../../site/build.ts';
import { awkward, HIDDEN_NAME, hostile, seeds } from './samples.ts';
import { viewOf } from './view.ts';

const view = viewOf([...seeds, ...awkward, hostile]);
const site = new Map([...buildSite(view, { assets: [] })].map(({ path, contents }) => [path, contents]));

function page(path: string): string {
  const contents = site.get(path);
  if (contents === undefined) throw new Error(`No page ${path}`);
  return contents;
}

/** What a reader sees: the text without tags, with entities decoded and blanks collapsed. */
function words(path: string): string {
  return decode(page(path).replaceAll(/<[^>]*>/g, '')).replaceAll(/\s+/g, ' ');
}

function decode(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '');
}

function policyOn(path: string): string {
  return decode(/<code id="policy-text">([^<]*)<\/code>/.exec(page(path))?.[1] ?? '');
}

/** The document of the pages that the project started from. */
function seedPolicy(tool: string, max: number): string {
  return `{
  "version": "1",
  "default": "deny",
  "tools": {
    "${tool}": {
      "limits": [
        {
          "counter": "${tool}_rate",
          "window": "minute",
          "max": ${max},
          "scope": "grant"
        }
      ]
    }
  }
}`;
}

describe('tool page', () => {
  it.each([
    ['crow', 'maker_start_sessions_bulk', 10],
    ['crow', 'maker_start_session', 10],
    ['calculator', 'create_session', 30],
    ['leapfrog', 'session_create_batch', 30],
    ['looking-glass', 'session_start', 10],
  ])('shows the policy of %s/%s as published', (server, tool, max) => {
    expect(policyOn(`servers/${server}/${tool}.html`)).toBe(seedPolicy(tool, max));
  });

  it('allows a Read tool by an empty rule', () => {
    expect(JSON.parse(policyOn('servers/calculator/list_calculators.html'))).toEqual({
      version: '1',
      default: 'deny',
      tools: { list_calculators: {} },
    });
  });

  it('says what pasting the policy does', () => {
    expect(words('servers/calculator/create_session.html')).toContain(
      'Pasted as it stands, this allows create_session at most 30 calls a minute for each grant. Everything else on the server (1 tool) is denied.',
    );
    expect(words('servers/calculator/list_calculators.html')).toContain(
      'allows list_calculators without a limit.',
    );
    expect(words('servers/looking-glass/session_start.html')).toContain(
      'It is the only tool of this server.',
    );
    expect(words('servers/awkward/delete_repository.html')).toContain(
      'denies every call of delete_repository, with the message “Requires human approval.”',
    );
  });

  it('has risk, signals with their parameters, evidence in the server’s words, and the way back', () => {
    const path = 'servers/crow/maker_start_session.html';
    expect(words(path)).toContain('High risk');
    expect(words(path)).toContain('Admin/system-level operation');
    expect(page(path)).toMatch(/<mark>[^<]*Admin-only[^<]*<\/mark><a class="cite" id="q(\d+)" href="#e\1">/);
    expect(page(path)).toMatch(/<li id="e\d+">.*Admin-only.*\n.*href="#q\d+"/);
    expect(words('servers/leapfrog/session_create_batch.html')).toContain(
      'Accepts URL/endpoint input (sessions[].url)',
    );
  });

  it('answers the questions with the document’s own fields', () => {
    const text = words('servers/leapfrog/session_create_batch.html');
    for (const question of [
      'What does session_create_batch do?',
      'How do I enforce a policy on session_create_batch?',
      'What risk level is session_create_batch?',
      'Can I rate-limit session_create_batch?',
      'How do I block session_create_batch completely?',
      'Which MCP server provides session_create_batch?',
    ]) {
      expect(text).toContain(question);
    }
    expect(text).not.toMatch(/rate_limit\b|"action"|reason field/);
  });

  it('names related tools of its kind elsewhere, and its neighbours', () => {
    const text = page('servers/crow/maker_start_session.html');
    expect(text).toContain('href="../looking-glass/session_start.html"');
    expect(text).toContain('href="maker_start_sessions_bulk.html"');
  });

  it('marks a signal at its parameter and lists nested parameters', () => {
    const table = /<table class="grid parameters">[\s\S]*?<\/table>/.exec(
      page('servers/leapfrog/session_create_batch.html'),
    )?.[0];
    expect(table).toMatch(/sessions\[\]\.url<\/bdi><a class="at" href="#s-url-input">/);
  });

  it('shows an unset annotation as unset beside the default', () => {
    expect(words('servers/calculator/create_session.html')).toMatch(/readOnlyHint ?unset ?false/);
  });

  it('gives tools that share a name the strictest rule', () => {
    const twins = view.servers
      .find((server) => server.slug === 'awkward')
      ?.tools.filter((tool) => tool.definition.name === 'twin');
    expect(twins).toHaveLength(2);
    const [first, second] = (twins ?? []).map((tool) => policyOn(`servers/awkward/${tool.slug}.html`));
    expect(first).toBe(second);
    expect(first).toContain('deny_if');
  });

  it('shows hidden characters, in the policy as escapes that mean the same', () => {
    const server = view.servers.find(({ id }) => id === hostile.id);
    const tool = server?.tools.find(({ definition }) => definition.name === HIDDEN_NAME);
    const path = `servers/${server?.slug}/${tool?.slug}.html`;
    expect(words(path)).toContain('[U+202E]evil[U+2066][U+200B][U+E0041][U+D800]');
    expect(Object.keys(JSON.parse(policyOn(path)).tools)).toEqual([tool?.definition.name]);
  });
});

describe('server page', () => {
  it('says why nothing could be listed', () => {
    const text = words('servers/broken/index.html');
    expect(text).toContain('phase initialize, code timeout: The server did not answer.');
    expect(text).toContain('No scan has listed its tools');
  });

  it('says that a list is old, with both dates', () => {
    const text = words('servers/stale/index.html');
    expect(text).toContain('The newest scan failed; what is shown is older');
    expect(text).toContain('On 2026-11-21 09:30 UTC, phase list');
    expect(text).toContain('were listed on 2026-11-20 09:30 UTC');
  });

  it('says that a list is empty, or not whole', () => {
    expect(words('servers/empty/index.html')).toContain('answered with an empty list');
    expect(words('servers/partial/index.html')).toContain('The list is not complete');
    expect(words('servers/partial/index.html')).toContain('Entry 3 (bad): is nested deeper than 128 levels');
  });

  it('lists the riskiest tools first and counts them', () => {
    const rows = [...page('servers/awkward/index.html').matchAll(/<tr data-risk="(\w+)"/g)].map(
      ([, risk]) => risk,
    );
    expect(rows).toEqual([...rows].sort((a, b) => order(a) - order(b)));
    expect(rows.length).toBeGreaterThan(3);
  });
});

function order(risk = ''): number {
  return ['critical', 'high', 'medium', 'low'].indexOf(risk);
}

describe('home page', () => {
  it('has the totals, a row for every server and the two commands', () => {
    const text = words('index.html');
    expect(text).toMatch(/\d+ tools on 10 servers/);
    expect(text).toContain('1 server could not be listed');
    for (const server of seeds) expect(text).toContain(server.label);
    expect(text).toContain('catalogue scan npm:<package>');
    expect(text).toContain('catalogue export <server>');
  });
});
