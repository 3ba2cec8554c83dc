/** Every bound that a page sets on what it shows, with its reason. Whatever is cut says so. */

/** Characters of a name in headings, tables and links. Real names stay under 70; nobody reads more of one. */
export const MAX_NAME_CHARS = 120;

/** Characters of a description that are shown. The longest real one seen is 9,600. */
export const MAX_QUOTE_CHARS = 12_000;

/** Characters of a definition's JSON that are shown; the median is 900, and nine in ten are under 4,000. */
export const MAX_DEFINITION_CHARS = 12_000;

/** Rows of the parameter table. */
export const MAX_PARAMETERS = 120;

/** Characters of a parameter's description in the table. */
export const MAX_PARAMETER_CHARS = 600;

/** Evidence listed on a tool page. A long schema gives a signal hundreds of quotes that say the same. */
export const MAX_EVIDENCE = 24;

/** Quotes listed for one finding: a reader is convinced by the first few. */
export const MAX_EVIDENCE_EACH = 4;

/** Related tools: on other servers, and neighbours on the same one. */
export const MAX_RELATED = 6;
export const MAX_SIBLINGS = 6;

/** Tools kept for each word of the index of related tools, each of another server: a page shows half as many. */
export const MAX_TOOLS_PER_WORD = 12;

/** Words of a name that the index looks at. */
export const MAX_WORDS = 8;

/** Parameters in brackets after a signal; the table of parameters has the rest. */
export const MAX_SIGNAL_PARAMETERS = 4;

/** Tools named for one part of a combination; the count says how many there are. */
export const MAX_COMBINED_TOOLS = 6;

/** Tools named in the warning of misleading text at the head of a server. */
export const MAX_WARNED_TOOLS = 12;

/** Quotes shown in the warning of misleading text; the evidence has the rest. */
export const MAX_WARNING_QUOTES = 2;

/** Characters of one quote in the list of evidence. */
export const MAX_EVIDENCE_CHARS = 400;

/** Characters of a server's name in a heading or above one, where it is not the subject. */
export const MAX_LABEL_CHARS = 48;

/** Tools shown as examples of a category, a risk or a signal; the search has the rest. */
export const MAX_EXAMPLES = 24;

/** Characters of a tool's own words in lists and in the search. */
export const MAX_ABOUT_CHARS = 160;

/** Tools named as the heaviest of a server's context cost: the first few are most of it. */
export const HEAVIEST_SHOWN = 5;

/** Entries of a feed. Readers ask again within days, and few servers change more often than that. */
export const MAX_FEED_ENTRIES = 100;

/** Changes on the page of changes, which is read from the top; the feeds and each server's page have their own. */
export const MAX_CHANGES_SHOWN = 250;

/** Reasons told of one change in a list; the page of the tool has all. */
export const MAX_REASONS_SHOWN = 3;

/** Rows of one part of the list of servers: a page of 190 KB, 12 KB compressed, which sorts and filters at once. */
export const SERVERS_PER_PART = 250;

/** Changes and servers on the home page. */
export const HOME_CHANGES = 6;
export const HOME_SERVERS = 8;

/** Addresses and bytes of one sitemap (sitemaps.org: 50,000 and 50 MB; a little under, for the frame). */
export const MAX_SITEMAP_URLS = 50_000;
export const MAX_SITEMAP_BYTES = 49_000_000;

/** Changes of the whole catalogue that are read for the page of changes, the feed and the first page. */
export const MAX_CHANGES = 200;

/** Characters of the look-up of “My stack” that are made at once: beyond it the catalogue is read once more. */
export const MAX_BUCKET_CHARS = 24_000_000;

/** Servers in one file of names; a reader of more types another letter. */
export const MAX_NAMED_SERVERS = 4_000;

/** Servers offered below a field that finds them. */
export const MAX_SERVERS_OFFERED = 20;

/** Characters of an address that everything passes on: mail, chat and old proxies cut longer ones. */
export const MAX_LINK_CHARS = 2_000;

/** Characters of a configuration or policy that is pasted; real ones stay under 100,000. */
export const MAX_PASTED_CHARS = 2_000_000;

/** Servers of one configuration that are looked up; clients become unusable long before. */
export const MAX_STACK_SERVERS = 200;

/** The riskiest tools of a stack that are shown by name. */
export const MAX_WORST_TOOLS = 24;

/** Characters of a name or a label whose words can be searched for. Real ones stay under 130. */
export const MAX_INDEXED_CHARS = 500;

/** Characters of a word that the search compares. Longer ones are hashes and encoded data. */
export const MAX_INDEXED_WORD_CHARS = 40;

/** Characters and words of a query that are looked at: each word costs a file or two. */
export const MAX_QUERY_CHARS = 200;
export const MAX_QUERY_WORDS = 8;

/** Results shown at once. They lie in as many files at worst, of which a query can afford a dozen. */
export const RESULTS_AT_ONCE = 10;

/** Tools of a file of the search's results: 4 KB packed, so that scattered results stay cheap and files not too many. */
export const TOOLS_PER_SEARCH_FILE = 64;

/**
 * Tools whose texts the build of the search holds from its first reading on, about 220 bytes each. Where there are more,
 * it reads all outlines again for every so many.
 */
export const TOOLS_HELD_FOR_SEARCH = 200_000;
export const TOOLS_PER_SEARCH_PASS = 400_000;

/** Bytes of a shard of words before it is packed, which takes a third off. A query loads one or two for each word. */
export const SEARCH_SHARD_BYTES = 12_000;

/** Bytes of a file with the rests of long lists, where several fit in one. */
export const SEARCH_PACK_BYTES = 8_000;

/** Tools of a list that are kept with the word: enough for the first results of a word alone. */
export const SEARCH_HEAD = 256;

/** Tools of a list that are kept at all, the best. 50,000 are 22 KB packed; a word that has more says little. */
export const SEARCH_KEPT = 50_000;

/** Shards that are read for the words with one beginning; a beginning of more words has a list of its own. */
export const SHARDS_PER_PREFIX = 2;

/** Descriptions in which a word has to stand to be offered for a misspelt one. A word of a name needs none. */
export const SPELLING_MIN_TOOLS = 3;

/** Letters that a word needs to be put right: shorter ones are one letter away from too many. */
export const SPELLING_MIN_CHARS = 4;

/** Attack patterns named on a tool's page: the first few use its access most, and the list of all is a link away. */
export const MAX_ATTACKS = 4;

/** Servers listed on the page of a risk or a category; the list of all servers can be sorted by it. */
export const MAX_TOP_SERVERS = 12;

/** Signals listed on the page of a risk or a category; all of them stand on a page of their own. */
export const MAX_TOP_SIGNALS = 10;

/** Tools shown as examples on the page of an attack pattern, where they are an aside. */
export const MAX_ATTACK_EXAMPLES = 8;

/** Changes of parameters that are told of one change of a definition. */
export const MAX_SCHEMA_CHANGES = 12;

/** Changes told on the page of a tool, and on that of a server; the feed and the command line have the rest. */
export const MAX_TOOL_CHANGES = 6;
export const MAX_SERVER_CHANGES = 20;

/** Characters of a policy in one format on a server's page: some 300 tools. Beyond, a command writes it. */
export const MAX_EXPORT_CHARS = 60_000;

/** Tools named on a server's page as no longer listed. */
export const MAX_VANISHED_NAMED = 40;

/** Milliseconds after a letter before it is searched for: quick writers write the next within them. */
export const SEARCH_WAIT_MS = 60;
