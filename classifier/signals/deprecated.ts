import type { Evidence } from '../contract.ts';
import { matchEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { ABSENT, defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

const SELF = String.raw`(?:this|the) (?:\w+ )?(?:tool|endpoint|method|function|api|operation|action|call|version|command|service|server|feature|route)`;
/** What says of the tool itself that its time is over, wherever it stands. */
const STATED = new RegExp(
  [
    String.raw`\b${SELF} (?:is|has been|was|will be|are) (?:\w+ ){0,2}?(?:deprecated|obsolete|discontinued|retired|superseded|sunset|removed|phased out|replaced by|no longer (?:supported|maintained|recommended|available))\b`,
    String.raw`\b(?:scheduled for|pending|slated for) removal\b`,
    String.raw`\bwill be removed in (?:a future|the next|an upcoming|version|v?\d)`,
    String.raw`\bdeprecated (?:since|as of|in favou?r of)\b(?<!\b(?:that|which|are|were|apis?|parameters?|fields?) deprecated (?:since|as of|in favou?r of))`,
    String.raw`\b${SELF} (?:is|exists|was|remains) (?:kept |only |just |there ){0,3}for (?:backwards?[- ])?compat`,
    String.raw`\b(?:this|the) (?:legacy|obsolete|deprecated) (?:tool|endpoint|method|function|operation)\b`,
    String.raw`\.\. deprecated::`,
  ].join('|'),
  'i',
);
/** A mark that stands by itself: at the head of the text or of a line, in brackets, or in capitals. */
const MARKED =
  /^[^\p{L}\p{N}]{0,12}(?:deprecated|obsolete|legacy tool|legacy)(?:[^\p{L}\p{N}\s][^\n]|\*\*|\s*[:!\-–—]|\s*\.|\s*$)|[([]\s?(?:deprecated|obsolete|legacy)\s?[)\]]|\bDEPRECATED\b(?=\s?[:.!*\-–—\n]|\s*$|\s*[,;(]?\s*(?:use|please|replaced|in favou?r|since|as of)\b)|(?:^|\n)\s*@?deprecated\b\s?[:.]/iu;
/** In the wrong case the mark is an adjective: "deprecated: true" among the filters of a search. */
const IN_CAPITALS = /DEPRECATED/;
const INSTEAD =
  /\b(?:(?:please )?use (?:the )?(?!for\b|other\b|this\b|the\b)(?:["'`[][^"'`\]\n]{2,60}["'`\]]|[\w./:{}-]{2,60})(?: (?:tool|endpoint|method|instead)\b)?|(?:replaced|superseded) by ['"`]?[\w./-]{2,60}['"`]?|in favou?r of ['"`]?[\w./-]{2,60}['"`]?|(?:migrate|switch|upgrade) to ['"`]?[\w./-]{2,60}['"`]?)/i;

/** Before a mark in capitals, these make it the subject of the tool. */
const SUBJECT =
  /\b(?:list|lists|find|finds|check|checks|detect|detects|get|gets|search|show|shows|return|returns|include|including|exclude|replaces|e\.g\.|status|whether|or|and|for|with|of|parameter|param|field|option)\s[^.\n]{0,40}$/i;

const NAME_MARKS = new Set('deprecated obsolete'.split(' '));
/** A name such as `check_deprecated_code` is about what is deprecated. */
const ABOUT = new Set(
  'check list find get search is detect scan fix replace remove show report count audit analyze npm package packages code api apis dependency dependencies'.split(
    ' ',
  ),
);

const TRIGGERS = wordSet(
  'deprecated obsolete legacy discontinued retired superseded sunset removed removal replaced phased longer kept compatibility'.split(
    ' ',
  ),
);

export const signal = defineSignal({
  id: 'deprecated',
  group: 'definition',
  version: 1,
  label: 'Deprecated tool',
  title: 'Deprecated tool',
  why: 'It may stop working or fall behind in fixes, and often a narrower tool has taken its place.',
  looksAt: 'the name, the title and the description',
  falsePositives: 'A text that calls one way of using the tool deprecated and not the tool.',
  examples: {
    fires: [
      {
        name: 'lookup_doc',
        description: '[DEPRECATED] Use describe_package instead. Get the description of a package.',
      },
      {
        name: 'confirm_delete',
        description: 'Delete a group. .. deprecated:: This tool exists for older clients.',
      },
      { name: 'SessionsController_DEPRECATED_stop', description: 'Stop a session' },
      { name: 'reset_token', description: 'Reset a token. Deprecated: scheduled for removal in version 20.' },
      { name: 'get_temp', description: 'Legacy tool: Get the temperature. Use get_weather for more.' },
      { name: 'export_v1', description: 'Export a project. This endpoint is no longer supported.' },
      { name: 'convert', title: 'Convert (deprecated)', description: 'Convert a file' },
    ],
    silent: [
      {
        name: 'check_deprecated_code',
        description: 'Check whether code uses deprecated features or deprecated APIs',
      },
      { name: 'security_finding', description: 'List findings. Replaces the deprecated REST endpoint.' },
      { name: 'npmDeprecated', description: 'List packages that have been deprecated, with the reason' },
      { name: 'remove_task', description: 'Removes tasks that are no longer needed. Legacy code is kept.' },
      {
        name: 'create_project',
        description: 'Create a project. The old parameter `wiki` is deprecated, use `wiki_level` instead.',
      },
      {
        name: 'list_models',
        description: 'List models. Filters: active, deprecated: true, obsolete (false).',
      },
      { name: 'block_legacy_auth', description: 'Block legacy authentication for a tenant' },
      { name: 'sun_times', description: 'Get the times of sunrise and sunset, of a legacy system as well' },
    ],
  },
  triggers: TRIGGERS,
  observe(facts) {
    const sign = inName(facts) ?? inDescription(facts) ?? inTitle(facts);
    if (!sign) return ABSENT;
    const evidence = [sign, ...successor(facts, sign)];
    return presentIf(evidence, { confidence: 'high' });
  },
});

const NOTE = 'says that its time is over';

/** What to use instead, where it is named just after the sign. */
function successor({ description }: ToolFacts, sign: Evidence): Evidence[] {
  if (!description) return [];
  const from = sign.pointer === '/description' ? Math.max(0, description.text.indexOf(sign.quote)) : 0;
  const near = { ...description, text: description.text.slice(from, from + sign.quote.length + NEAR_CHARS) };
  const named = matchEvidence(near, INSTEAD, 'names what to use in its place');
  return named ? [named] : [];
}

const NEAR_CHARS = 90;

function inName({ name }: ToolFacts): Evidence | undefined {
  const words = name.words.map((word) => word.text);
  if (!words.some((word) => NAME_MARKS.has(word)) || words.some((word) => ABOUT.has(word))) return undefined;
  return { pointer: '/name', quote: clip(name.text, MAX_QUOTE_CHARS), note: NOTE };
}

/** About a first sentence. */
const FIRST_CHARS = 100;

function inDescription({ description }: ToolFacts): Evidence | undefined {
  if (!description) return undefined;
  const stated = STATED.exec(description.text);
  if (stated) return { pointer: '/description', quote: clip(stated[0], MAX_QUOTE_CHARS), note: NOTE };
  const marked = MARKED.exec(description.text);
  if (!marked) return undefined;
  const lead = description.text.slice(Math.max(0, marked.index - 60), marked.index);
  // Further down, a mark in brackets belongs to one choice or one parameter.
  const isBracketed = /^[([]/.test(marked[0]) && marked.index < FIRST_CHARS;
  if (marked.index > 0 && !isBracketed && !IN_CAPITALS.test(marked[0]) && !/^\n/.test(marked[0]))
    return undefined;
  if (SUBJECT.test(lead)) return undefined;
  return { pointer: '/description', quote: clip(marked[0].trim(), MAX_QUOTE_CHARS), note: NOTE };
}

function inTitle({ title }: ToolFacts): Evidence | undefined {
  return matchEvidence(title, /^\W{0,4}deprecated\b|[([]\s?(?:deprecated|obsolete|legacy)\s?[)\]]/i, NOTE);
}
