import type { Evidence } from '../contract.ts';
import { hasNoSchema } from '../documented.ts';
import { matchEvidence } from '../evidence.ts';
import type { Text, ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

const ENGINES =
  '(?:google|bing|brave|duck ?duck ?go|tavily|exa|serp(?:api|er)?|kagi|searx(?:ng)?|baidu|yandex|jina|linkup|perplexity|startpage|you\\.com)';
/** A search of the whole web, by whatever engine. */
const WEB_SEARCH = new RegExp(
  [
    String.raw`\bsearch(?:es|ing)? (?:\w+ ){0,3}?(?:the )?(?:web|internet|world wide web)\b(?! (?:app|ui|component|vitals|socket))`,
    String.raw`\b(?:web|internet|online)[ -]search(?:es|ing)?\b(?! (?:console|history|ads))`,
    String.raw`\bsearch(?:es|ing)? (?:\w+ ){0,4}?(?:on|with|using|via|through|from) (?:the )?${ENGINES}\b(?! (?:(?:search )?console|drive|docs|maps|places|news|calendar|scholar|analytics|ads|cloud|workspace|patents|trends|flights|hotels|play|shopping|books|photos|sheets|contacts|tasks))`,
    String.raw`\b${ENGINES} (?:web )?search(?:es)?\b(?! (?:console|ads|history|engine optimi))`,
    String.raw`\b(?:browse|browses|surf|surfs) the (?:web|internet)\b`,
    String.raw`(?:联网|网络|全网|互联网|网页)搜索|搜索(?:互联网|网络|网页|全网)|(?:ウェブ|インターネット)[^。\n]{0,4}検索|웹 ?검색|(?:buscar?|pesquisar?|rechercher?) (?:en|na|sur) (?:la |l')?(?:web|internet)`,
  ].join('|'),
  'i',
);

const NOT_MEANT = String.raw`(?!-| (?:for (?:the|a|an) [\w-]+ (?:file|resource|image|request)|to (?:the|a) |parameters?|scheme|of the (?:current|created|new|file)|inspector|sockets?|components?|hooks?|vitals|apps?|ui|server|analytics|projects?|config|templates?|settings|forms?|encod\w+|patterns?|keywords?|traffic|technolog\w+|probes?|categor\w+|builders?|lists?|ids?|visits?|visitors?|that (?:have|has) been|filter\w*|test\w*|monitor\w*))`;
const FILLERS =
  "up|down|to|from|and|or|the|an?|any|all|its|your|user's|full|clean|main|raw|text|html|markdown|page|web|content|contents|information|info|data|structured|readable|screenshots?|snapshots?|multiple|single|given|provided|specified|specific|certain|of|on|at|in|into|for|out|public|arbitrary|one|more|several|connected|active|current|new|browser|tab|session|window|seo|analysis|audit|metadata|title|links|images?|tables?|article|main|beneath|below|entire|whole|remote|live|external|online|pdf";
/** Verbs that reach an address, up to the words for an address anywhere, not at one named service. */
const REACHES = new RegExp(
  String.raw`\b(?:fetch|retriev|download|scrap|crawl|brows|visit|navigat|open|load|read|extract|captur|render|summari[sz]|screenshot|convert|get|grab|access|analy[sz]|request|check|enumerat|take|parse content)(?:e|es|s|ing)?(?: (?:${FILLERS})){0,9} (?:web ?pages?|web ?sites?(?! url)|internet|the web|web (?:content|urls?|articles?)|online articles?|(?<=\b(?:from|an?|any|given|specified|specific|multiple|provided|single|arbitrary|of|public|to|several|one|more|web|browse|crawl|scrape|fetch|for) )urls?)\b${NOT_MEANT}`,
  'i',
);
/** Acts on pages that are open already, or that the text says belong to the service itself. */
const FROM_ADDRESS =
  /\b(?:scrap|crawl|fetch|extract|retriev|pars|get|read|download|view|convert|run|start|map|return|load|perform)(?:e|es|s|ing)?(?: [\w()'’/-]+,?){1,9} (?:from|of|at|on|(?:for|with)(?= (?:an?|any|the) (?:given |specified |provided )?url)) (?:an?|any|the given|the specified|the provided|given|specified|provided|multiple|one or more|the starting|a starting) (?:\w+ )?(?:web ?pages?|web ?sites?|urls?)\b|\b(?:map|crawl)s? (?:a|an|any|entire) (?:\w+ )?website/i;
const OWN =
  /\b(?:(?<!navigate the )current(?:ly)? (?:open |active |loaded )?(?:page|web ?page|website|url)|presigned|signed url|upload url|callback|share(?:d|able)? (?:link|url)|short(?:ened)? url|url of (?:the|this|your) (?:created|project|issue|dashboard|file|app)|console url|login url|your (?:web ?site|site|store)|localhost|wordpress site|webflow|cms|domain name|dns)\b/i;
const HTTP_CALL =
  /\b(?:make|makes|send|sends|perform|performs|execute|executes|issue|do)s? (?:an? |any |arbitrary |custom |raw )?(?:\w+ )?https? (?:\w+ )?requests?\b(?! to (?:the|our) [A-Z])|\b(?:post|posts|send|sends) (?:\w+ ){0,6}?(?:to|with) (?:an?|any|the|the provided|the specified|your|provided) (?:\w+ )?(?:webhook|web ?hook url)|\b(?:fetch|curl) (?:any|arbitrary) (?:url|http)/i;

const GENERIC_ADDRESS =
  /^(?:(?:the|a|an|full|target|valid|public|complete|absolute|optional|starting|start|base|root|website|web|page|web ?page|site|http|https|http\/https|single|list|array|of) )*(?:url|uri|website|web ?page|link|address)s?\b/i;
/** Addresses that can only be those of one service. */
const ONE_SERVICE =
  /\b(?:youtube|github|gitlab|sentry|figma|linkedin|twitter|instagram|tiktok|reddit|facebook|notion|jira|confluence|slack|google (?:doc|drive|sheet|maps|slides)\w*|spotify|video|image|picture|photo|audio|avatar|logo|icon|git|repo\w*|repository|rpc|region|region-specific|api|server|endpoint|database|registry|feed|webhook|callback|redirect|profile|product|issue|event|project|dashboard|organization|file ur[li]|pdf|model|instance|proxy|stream|oembed|bilibili|xiaohongshu|weibo|douyin|wikipedia|arxiv|pubmed|amazon|s3|azure|blob|sharepoint|monitor)\b/i;
const REACHING = new Set(
  'fetch navigate goto open visit browse crawl scrape load extract screenshot capture read curl request retrieve get analyze analyse download summarize summarise check audit parse render map convert'.split(
    ' ',
  ),
);
const BROWSERS = new Set(
  'browser playwright puppeteer selenium chrome webdriver stagehand page web webpage website url urls site html'.split(
    ' ',
  ),
);

const TRIGGERS = wordSet(
  `navigate web internet website websites webpage webpages url urls uri page pages site http https webhook webhooks link links search google bing brave
   duckduckgo tavily exa serp serper kagi searxng baidu curl crawl scrape browse`.split(/\s+/),
);

export const signal = defineSignal({
  id: 'open-world',
  group: 'capability',
  version: 1,
  label: 'Reaches the open internet',
  title: 'Reaches the open internet',
  why: 'What comes back was written by strangers and may try to give orders; what goes out can carry data to any address.',
  looksAt: 'the name, the first sentences of the description, and the addresses among the parameters',
  falsePositives: 'An address that the server checks against a list of its own.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'look_around', description: 'Search the web for recent news' },
      { name: 'fetch', description: 'Fetches a URL and returns its text as Markdown' },
      {
        name: 'browser_navigate',
        description: 'Navigate to a URL',
        inputSchema: { type: 'object', properties: { url: { type: 'string' } } },
      },
      { name: 'hook_send', description: 'POST a JSON payload to any webhook URL' },
    ],
    silent: [
      {
        name: 'get_issue',
        description: 'Get an issue by its URL',
        inputSchema: {
          type: 'object',
          properties: { url: { type: 'string', description: 'URL of the issue' } },
        },
      },
      { name: 'search_files', description: 'Search the files of a project' },
      { name: 'browser_screenshot', description: 'Take a screenshot of the current page' },
      { name: 'web_search_history', description: 'List what was looked for' },
      { name: 'get_upload_url', description: 'Get a signed URL to upload a file to' },
    ],
  },
  observe(facts) {
    const evidence = [inText(facts), inName(facts), inParameter(facts)].filter((one) => one !== undefined);
    return presentIf(evidence, { confidence: evidence[0]?.pointer === '/description' ? 'high' : 'medium' });
  },
});

const SEARCHES = 'searches the web';
const NOTE = 'reaches addresses beyond the service';
const MAX_READ = 300;

function inText({ description }: ToolFacts): Evidence | undefined {
  if (!description) return undefined;
  const opening: Text = { ...description, text: clip(description.text, MAX_READ) };
  const search = webSearch(opening);
  if (search || !/https? |hook|curl/i.test(opening.text) || OWN.test(opening.text)) return search;
  return matchEvidence(opening, HTTP_CALL, NOTE);
}

/** One of these stands wherever the web is searched. */
const LOOKS = /search|browse|surf|[\u3040-\uffff]|busca|pesquisa|recherche/i;
/** "Does not use web search" is no search. */
const NEGATED = /\b(?:not|no|never|without|instead of|don't|doesn't|before)\b[^.]{0,25}$/i;

function webSearch(text: Text): Evidence | undefined {
  if (!LOOKS.test(text.text)) return undefined;
  const match = WEB_SEARCH.exec(text.text);
  if (!match || NEGATED.test(text.text.slice(Math.max(0, match.index - 40), match.index))) return undefined;
  return { pointer: text.pointer, quote: clip(match[0], MAX_QUOTE_CHARS), note: SEARCHES };
}

/** Names that by themselves say that some page anywhere is reached. */
const REACH_NAME =
  /(?:^| )(?:fetch|scrape|crawl|visit|browse)(?: \w+)? (?:urls?|websites?|web ?pages?|internet)$|(?:^| )(?:browser|page|tab|playwright|puppeteer|chrome) (?:navigate|goto|go to url|open url)$|^(?:http request|curl)$|(?:^| )navigate (?:to )?(?:url|website|web ?page)$/;
const SEARCH_NAME =
  /(?:^| )(?:web|internet|google|bing|brave|duckduckgo|ddg|tavily|exa|serper|searxng|kagi)(?: web)? search$|(?:^| )search (?:the )?(?:web|internet|google|bing|duckduckgo)$/;

function inName(facts: ToolFacts): Evidence | undefined {
  const { text, words } = facts.name;
  const name = words.map((word) => word.text).join(' ');
  const isSearch = SEARCH_NAME.test(name);
  if (!isSearch && !(REACH_NAME.test(name) && takesAddress(facts))) return undefined;
  return { pointer: '/name', quote: clip(text, MAX_QUOTE_CHARS), note: isSearch ? SEARCHES : NOTE };
}

/** Without a schema it is not known what the tool takes. */
function takesAddress(facts: ToolFacts): boolean {
  const parameters = facts.documented;
  return parameters.length === 0 ? hasNoSchema(facts) : parameters.some(isAnyAddress);
}

/** A page anywhere that the caller names. */
function inParameter(facts: ToolFacts): Evidence | undefined {
  const { description } = facts;
  const parameters = facts.documented;
  if (parameters.length === 0 && !hasNoSchema(facts)) return undefined;
  const opening = description && { ...description, text: clip(description.text, MAX_READ) };
  if (opening && OWN.test(opening.text)) return undefined;
  const address = parameters.find(isAnyAddress);
  if (parameters.length > 0 && !address) return undefined;
  const said = matchEvidence(opening, REACHES, NOTE) ?? matchEvidence(opening, FROM_ADDRESS, NOTE);
  if (said && !ONE_SERVICE.test(said.quote)) return said;
  if (!address || opening) return undefined;
  const isReaching =
    facts.acts.some((act) => REACHING.has(act.lemma)) &&
    facts.name.words.some((word) => BROWSERS.has(word.text));
  return isReaching
    ? { pointer: address.pointer, quote: address.name, note: NOTE, parameter: address.path }
    : undefined;
}

function isAnyAddress(parameter: Parameter): boolean {
  const { words, description = '' } = parameter;
  if (parameter.choices.length > 0 || !takesText(parameter)) return false;
  const last = words.at(-1) ?? '';
  const isNamed = words.length <= 2 && /^(?:urls?|uris?|website|link|links|site|webpage|href)$/.test(last);
  if (words.some((word) => ONE_SERVICE.test(word)) || ONE_SERVICE.test(clip(description, 80))) return false;
  return isNamed || GENERIC_ADDRESS.test(description);
}
