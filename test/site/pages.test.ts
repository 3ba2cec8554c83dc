import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { decodeEntities } from '../support/html-text.ts';
import { awkward, HIDDEN_NAME, hostile, mailbox, opinionated, seeds } from './samples.ts';
import { sheetsOf, siteOf } from './view.ts';

const given = [...seeds, ...awkward, hostile, mailbox, opinionated];
const servers = sheetsOf(given);
const site = await siteOf(given);

function page(path: string): string {
  const contents = site.get(path);
  if (contents === undefined) throw new Error(`No page ${path}`);
  return contents;
}

/** What a reader sees: the text without tags, with entities decoded and blanks collapsed. */
function words(path: string): string {
  return decodeEntities(page(path).replaceAll(/<[^>]*>/g, '')).replaceAll(/\s+/g, ' ');
}

/** The same with a blank wherever a tag stood, as between the cells of a table. */
function cells(path: string): string {
  return decodeEntities(page(path).replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ');
}

function policyOn(path: string): string {
  return decodeEntities(/<code id="policy-text">([^<]*)<\/code>/.exec(page(path))?.[1] ?? '');
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
    const twins = servers
      .find((server) => server.slug === 'awkward')
      ?.tools.filter((tool) => tool.definition.name === 'twin');
    expect(twins).toHaveLength(2);
    const [first, second] = (twins ?? []).map((tool) => policyOn(`servers/awkward/${tool.slug}.html`));
    expect(first).toBe(second);
    expect(first).toContain('deny_if');
  });

  it('shows hidden characters, in the policy as escapes that mean the same', () => {
    const server = servers.find(({ id }) => id === hostile.id);
    const tool = server?.tools.find(({ definition }) => definition.name === HIDDEN_NAME);
    const path = `servers/${server?.slug}/${tool?.slug}.html`;
    expect(words(path)).toContain('[U+202E]evil[U+2066][U+200B][U+E0041][U+D800]');
    expect(Object.keys(JSON.parse(policyOn(path)).tools)).toEqual([tool?.definition.name]);
  });
});

describe('a tool page on which others than the rules have spoken', () => {
  const corrected = 'servers/opinionated/sync_accounts.html';
  const reviewed = 'servers/opinionated/run_report.html';

  it('says who corrected the verdict, why, and what was replaced', () => {
    const text = words(corrected);
    expect(text).toMatch(/High risk ?Write · high confidence · corrected · reviewed/);
    expect(text).toContain('Corrected by A. Person');
    expect(text).toContain('an administrator can bring them back for 30 days');
    expect(text).toMatch(/Before, the verdict was Write, destructive, ?Critical risk/);
    expect(text).toContain('expires when the definition changes');
    expect(cells(corrected)).toContain('Destructive Not found The correction');
    expect(text).toContain('The correction says otherwise, and counts.');
  });

  it('keeps misleading text apart, ahead of what the tool can do, with hidden characters as code points', () => {
    const html = page(corrected);
    expect(html).not.toMatch(/[\u200b\u{e0041}]/u);
    const [, warning = ''] = /<section class="notice warning"[^>]*>([\s\S]*?)<\/section>/.exec(html) ?? [];
    expect(warning).toContain('Text written to mislead whoever reads the definition');
    expect(warning).toContain('[U+200B][U+E0041]');
    expect(html.indexOf(warning)).toBeLessThan(html.indexOf('Risk signals'));
    expect(words('servers/opinionated/index.html')).toMatch(
      /Text written to mislead.*In 1 tool: sync_accounts/,
    );
    expect(page(reviewed)).not.toContain('class="notice warning"');
  });

  it('puts both verdicts side by side, with the model, its prompt, its quote and what came of it', () => {
    const text = words(reviewed);
    expect(text).toContain('Second opinion');
    expect(cells(reviewed)).toContain('Category Execute Read');
    expect(text).toContain(
      'It saw less than the rules were sure of or a signal demands, so its reading does not count.',
    );
    expect(text).toContain('counts the rows');
    expect(text).toContain('Model example-model, prompt version 3');
    expect(words('servers/crow/maker_start_session.html')).not.toContain('Second opinion');
  });

  it('names the other reading that the definition leaves open', () => {
    expect(words(reviewed)).toContain('Execute · or Read · medium confidence');
    expect(cells(reviewed)).toContain('Or Read The definition can also be read so');
  });

  it('checks the claims of the server, with the default stated', () => {
    expect(cells(corrected)).toMatch(/readOnlyHint true false Understates the risk/);
    expect(cells(corrected)).toMatch(/openWorldHint unset true Unset \(default applies\)/);
    expect(cells(reviewed)).toMatch(/readOnlyHint false false Agrees/);
  });

  it('gives every tool, hostile ones too, the entry by which its verdict is contested', () => {
    for (const server of servers) {
      for (const { slug, definition } of server.tools) {
        const [, entry = ''] =
          /<code id="correction-text">([^<]*)<\/code>/.exec(page(`servers/${server.slug}/${slug}.html`)) ??
          [];
        expect(parse(decodeEntities(entry))).toMatchObject([
          { server: server.id, tool: definition.name, hash: definition.hash, reason: '', by: '' },
        ]);
      }
    }
    expect(words(corrected)).toContain('send it to the operator of this catalogue');
  });
});

describe('server page', () => {
  it('tells what the tools can do together, with the tools as links', () => {
    const html = page('servers/mailbox/index.html');
    const text = words('servers/mailbox/index.html');
    expect(text).toMatch(
      /Private data, untrusted text and a way out.*Reads data that is not public ?read_messages.*Sends data to where others can read it ?send_message/,
    );
    expect(html).toMatch(/<dd><a class="mono" href="send_message.html">/);
    expect(html.indexOf('What its tools can do together')).toBeLessThan(html.indexOf('id="tools-title"'));
    expect(words('servers/calculator/index.html')).not.toContain('do together');
  });

  it('marks verdicts that were corrected or reviewed', () => {
    const rows = page('servers/opinionated/index.html').split('<tr ').slice(1);
    expect(rows.map((row) => row.match(/<small>(corrected|reviewed)<\/small>/g)?.length)).toEqual([1, 2]);
  });

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
  it('has the totals, the way to every server and the two commands', () => {
    const text = words('index.html');
    expect(text).toMatch(/\d+ tools on 12 servers/);
    expect(text).toContain('1 server could not be listed');
    for (const server of seeds) expect(words('servers/index.html')).toContain(server.label);
    expect(text).toContain('catalogue scan npm:<package>');
    expect(text).toContain('catalogue export <server>');
  });
});
