import type { Act } from './acts.ts';
import type { Category } from './contract.ts';
import type { ToolFacts } from './facts.ts';
import { verbForm } from './lexicon.ts';
import type { Ground } from './verdict.ts';
import { type WordSet, wordSet } from './vocabulary.ts';

/** A second reading that a definition leaves open. */
export interface Alternative {
  category: Category;
  /** One sentence that says why. */
  reason: string;
}

/**
 * The second category that a careful person could put a tool in, where there is one: the name speaks for another than
 * the text, or the act is of a kind on which published classifications differ.
 */
export function alternativeTo(facts: ToolFacts, ground: Ground): Alternative | undefined {
  if (ground.by === 'hint' || ground.by === 'nothing') return undefined;
  if (ground.by === 'promise')
    return {
      category: 'Execute',
      reason: 'Whoever counts every query as running something calls it Execute.',
    };
  return borderline(facts, ground) ?? byName(facts, ground);
}

interface BorderRule {
  /** The verdict that the rule is about. */
  from: Category;
  to: Category;
  verbs?: ReadonlySet<string>;
  /** Words of which one stands in the definition wherever the pattern matches, so that few need a closer look. */
  triggers?: WordSet;
  /** Looked for in the clause that the verdict rests on. */
  pattern: RegExp;
  reason: string;
}

/** Kinds of act that the labelling guideline gives as unsettled. */
const BORDERS: readonly BorderRule[] = [
  {
    from: 'Read',
    to: 'Write',
    verbs: new Set('download export save fetch retrieve extract capture'.split(' ')),
    pattern:
      /\b(?:sav(?:e|es|ed|ing)|writ(?:e|es|ing|ten)|stor(?:e|es|ed|ing)|download\w*)\b[^.]{0,80}?\b(?:to|as|in|into|on) (?:an? |the |your |specified |given |\w+ ){0,3}(?:files?|disk|folder|directory|filesystem|file system|path|\.\w{2,4})\b/i,
    reason: 'Whoever counts the file it leaves behind calls it Write.',
  },
  {
    from: 'Read',
    to: 'Execute',
    triggers: wordSet(
      `gemini gpt openai claude chatgpt llama mistral deepseek grok llm llms model models perplexity draft`.split(
        ' ',
      ),
    ),
    pattern:
      /\b(?:using|via|with|by|through|powered by) (?:[\w.-]+ ){0,4}?(?:gemini|gpt|openai|claude|chatgpt|llama|mistral|deepseek|grok|llms?|(?:ai|language|vision) models?|perplexity|chain of draft)\b/i,
    reason: 'Whoever counts the model that does the work calls it Execute.',
  },
  {
    from: 'Read',
    to: 'Execute',
    verbs: new Set('calculate compute solve evaluate'.split(' ')),
    pattern: /\b(?:calculator|calculation|expressions?|equations?|formulas?)\b/i,
    reason: 'Whoever counts what the caller writes as code calls it Execute.',
  },
  {
    from: 'Execute',
    to: 'Read',
    pattern:
      /\bselect (?:query|queries|statements?|operations?)\b|\bretrieve (?:records|data|results)\b|\bRAG query\b/i,
    reason: 'If nothing but reading statements pass, it is Read.',
  },
  {
    from: 'Execute',
    to: 'Write',
    verbs: new Set('generate create synthesize synthesise imagine upscale edit convert transform'.split(' ')),
    pattern:
      /\b(?:images?|pictures?|videos?|audio|speech|music|voice|songs?|code|documents?|posts?|articles?)\b/i,
    reason: 'Whoever looks at what is made rather than at the model calls it Write.',
  },
  {
    from: 'Execute',
    to: 'Write',
    pattern:
      /\b(?:whatsapp|sms|text message|webhook|notification)\b|\b(?:create|start|open)s? (?:an? |the )?(?:[\w-]+ ){0,3}sessions?\b/i,
    reason: 'Whoever counts the message or record rather than its effect calls it Write.',
  },
  {
    from: 'Execute',
    to: 'Write',
    verbs: new Set('create issue generate'.split(' ')),
    pattern: /\b(?:invoices?|payment links?|orders?|checkout)\b/i,
    reason: 'If it only prepares the payment, it is Write.',
  },
  {
    from: 'Write',
    to: 'Execute',
    pattern:
      /\b(?:merg(?:e|es|ing) (?:an? |the )?(?:\w+ )?(?:pull|merge) request|copilot|(?:create|start)s? (?:an? |the )?(?:new )?(?:\w+ ){0,2}(?:session|job|container|instance|command)\b)/i,
    reason: 'Whoever counts what it sets in motion calls it Execute.',
  },
  {
    from: 'Write',
    to: 'Execute',
    verbs: new Set('convert send apply'.split(' ')),
    pattern: /\b(?:emails?|convert\w*|openai|llm|chat completion|patch(?:es)?)\b/i,
    reason: 'Whoever counts what it does outside the stored data calls it Execute.',
  },
];

function borderline(facts: ToolFacts, { category, act }: Ground): Alternative | undefined {
  if (!act) return undefined;
  const said =
    act.source === 'name' ? facts.name.words.map((word) => word.text).join(' ') : act.evidence.quote;
  const rule = BORDERS.find(
    ({ from, verbs, triggers, pattern }) =>
      from === category &&
      (verbs === undefined || verbs.has(act.lemma)) &&
      (triggers === undefined || facts.mentions(triggers)) &&
      pattern.test(said),
  );
  return rule && { category: rule.to, reason: rule.reason };
}

/** A name that by itself would give another category, when its verb is hardly ever a noun. */
function byName({ named }: ToolFacts, { category, act }: Ground): Alternative | undefined {
  const name = named[0];
  if (
    !name ||
    !act ||
    act.source === 'name' ||
    act.source === 'choice' ||
    act.source === 'route' ||
    name.category === category
  )
    return undefined;
  if (!isUnmistakable(name)) return undefined;
  return { category: name.category, reason: `The name alone would make it ${name.category}.` };
}

/** Whether an act's verb is no noun and says something by itself; who provides, caller or tool, a name leaves open. */
export function isUnmistakable({ lemma }: Act): boolean {
  const verb = verbForm(lemma)?.verb;
  if (verb === undefined || verb.vague || lemma === 'provide') return false;
  return verb.nounness === 0 || PLAIN.has(lemma);
}

/** Nouns too, but in the name of a tool they are verbs. */
const PLAIN = new Set('list search read update set add'.split(' '));
