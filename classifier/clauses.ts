import type { Act } from './acts.ts';
import { type Action, categoryOf } from './lexicon.ts';

/** What the rest of a clause makes of a verb that by itself only reads. */
interface ClauseRule {
  /** The rule holds for these verbs only. */
  verbs?: ReadonlySet<string>;
  /** The rule does not hold for these. */
  except?: ReadonlySet<string>;
  pattern: RegExp;
  action: Action;
  because: string;
}

/** Verbs that look at what is there, whatever is said of it. */
const LOOKS = wordsOf(
  `get list read show return retrieve describe display view provide count lookup see check fetch enumerate browse
   receive obtain recall recommend suggest monitor track watch poll wait verify validate`,
);
const MAKES = wordsOf('convert transform turn translate change generate create make produce render');

const RULES: readonly ClauseRule[] = [
  {
    verbs: MAKES,
    pattern:
      /\b(?:text|script|words?|prompt|image|photo|sketch(?:es)?|speech|drawings?)(?:-| )?(?:to|into)(?:-| )(?:an? )?(?:[\w-]+ ){0,3}(?:speech|audio|voice|image|images|video|videos|music|sound effects?|3d|avatar)\b/i,
    action: 'execute',
    because: 'has a model do the work',
  },
  {
    verbs: wordsOf('convert transform turn'),
    pattern:
      /\b(?:to|into|as) (?:an? )?(?:[\w-]+ ){0,2}(?:pdfs?|docx|pptx|xlsx|excel|word|powerpoint|epub|png|jpe?g|webp|mp3|mp4|wav)\b|\b(?:files?|documents?)\b[^.]{0,40}\b(?:(?:to|into) (?:an? ?)?(?:other|different|various) |between )(?:[\w-]+ )?formats?\b/i,
    action: 'write',
    because: 'makes a file in another format',
  },
  {
    verbs: wordsOf('crawl scrape read fetch load extract parse collect download gather pull scan'),
    pattern:
      /\binto (?:(?:an?|the|your|our|[\w-]+) ){0,3}(?:knowledge base|database|index|collection|vector (?:store|db|database)|memory|knowledge graph|library|dataset|persistent [\w-]+)(?: |$)(?!quer)/i,
    action: 'write',
    because: 'stores what it finds',
  },
  {
    except: LOOKS,
    pattern:
      /\b(?:using|via|through|with the help of) (?:[\w-]+ ){0,4}(?<!\b(?:user|browser)[- ])(?:sub-?)?agents?\b|\bagents? with prompts?\b/i,
    action: 'execute',
    because: 'has an agent do the work',
  },
  {
    except: new Set([...LOOKS, 'download']),
    pattern: /\bwaits? (?:for|until) (?:[\w-]+ ){0,4}(?:complet|finish)/i,
    action: 'execute',
    because: 'starts work and waits for it',
  },
];

/**
 * The act as the rest of its clause shows it: converting text is reading, converting it to speech has a model do the
 * work. Only reads are looked at, because the others are grave enough.
 */
export function withClause(act: Act): Act {
  if (act.action !== 'read' || act.source === 'name' || act.source === 'choice') return act;
  for (const rule of RULES) {
    if (rule.verbs && !rule.verbs.has(act.lemma)) continue;
    if (rule.except?.has(act.lemma) || !rule.pattern.test(act.evidence.quote)) continue;
    const { action, because } = rule;
    const category = categoryOf({ action, ends: false });
    const evidence = { ...act.evidence, note: because };
    return { ...act, action, category, because, isByClause: true, evidence };
  }
  return act;
}

function wordsOf(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}
