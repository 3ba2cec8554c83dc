import { riskTemplates, withoutScripts } from '../builder/view.ts';
import type { SiteSettings } from '../contract.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import { stackPath, stackScriptPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { digitsFor } from '../stack/buckets.ts';
import { count } from '../words.ts';

export const page = defineSitePage({
  id: 'stack',
  title: 'My stack',
  summary: 'What the servers of one client can do together, and one policy for all of them.',
  *entries({ settings, servers }) {
    yield { path: stackPath, render: () => render(settings, digitsFor(servers.length)) };
  },
});

function render(settings: SiteSettings, digits: number): string {
  return layout({
    settings,
    path: stackPath,
    title: 'My stack',
    description:
      'Paste the configuration of your MCP client: servers, risks, combinations and one policy for all. Nothing of it leaves the browser.',
    script: stackScriptPath,
    main: html`<header class="head">
<h1>My stack</h1>
<p class="lead">What the servers of your client can do together, and one policy for all of them. Nothing that you paste leaves this browser.</p>
</header>
${withoutScripts(
  'It would read the configuration in the browser, look its servers up without naming them, and show their tools by risk, what they can do together, and one policy for all.',
  [
    [
      'catalogue scan claude_desktop_config.json',
      'lists and judges the servers of a configuration, and says what they can do together',
    ],
    [
      'catalogue export --clients --target claude-code -o policies',
      'writes the policies for the servers of the clients on this machine',
    ],
  ],
)}
<div id="stack" class="app" hidden>
<section aria-labelledby="paste-title">
<h2 id="paste-title">Configuration</h2>
<p><label for="config">Of Claude Desktop, Claude Code, Cursor, VS Code, Windsurf, Zed, Gemini CLI, Codex and others: JSON, with comments or without, or TOML</label></p>
<textarea id="config" rows="12" spellcheck="false" autocomplete="off" aria-describedby="said private"></textarea>
<p class="buttons"><button type="button" id="read">Show what it can do</button> <button type="button" id="clear">Clear</button></p>
<p id="said" role="status"></p>
<p class="note" id="private">${whatIsFetched(digits)} Once it is read, what you pasted is cleared from the page. Values of variables, arguments and headers are not kept, shown or sent; neither the address of this page nor the browser’s storage has anything of the configuration.</p>
</section>
<div id="result" class="app"></div>
<section id="policies" hidden aria-labelledby="policies-title">
<h2 id="policies-title">One policy for all</h2>
<p>The recommended policies of the servers that the catalogue knows, under the keys of your configuration. Where the target’s file holds several servers, it is one file.</p>
<div class="exports" id="exports"></div>
</section>
</div>
${riskTemplates()}`,
  });
}

/** Exactly what the operator of the site can learn. */
function whatIsFetched(digits: number): string {
  if (digits === 0) {
    return 'This page reads one file with all servers of the catalogue (stack/all.json), the same for every reader.';
  }
  const digitWords = digits === 1 ? 'hex digit' : `${digits} hex digits`;
  return `For each server this page reads one of ${count(16 ** digits, 'file')} (stack/…json), or two where it may be known by two names, chosen by the first ${digitWords} of the SHA-256 of its identity. Each file holds many servers, so whoever runs this site learns at most that you may have one of those, until you follow a link to one.`;
}
