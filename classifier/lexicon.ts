import type { Category } from './contract.ts';
import { SPACED_LANGUAGES, UNSPACED_VERBS } from './lexicon-languages.ts';
import { NARROW_OBJECT_RULES } from './lexicon-narrow-objects.ts';
import { OBJECT_RULES } from './lexicon-objects.ts';
import {
  ACTION_NOUNS,
  LIGHT_VERBS,
  PARTICLE_RULES,
  READ_NOUNS,
  VAGUE_VERBS,
  VERB_GROUPS,
} from './lexicon-verbs.ts';

/** What a tool does, in order of severity. */
export type Action = 'read' | 'write' | 'execute' | 'destructive' | 'financial';

export const SEVERITY: Readonly<Record<Action, number>> = {
  read: 0,
  write: 1,
  execute: 2,
  destructive: 3,
  financial: 4,
};

export interface VerbGroup {
  action: Action;
  /** Completes "it …". */
  because: string;
  /** Separated by blanks; each may end in tildes, see `VERB_GROUPS`. */
  words: string;
  /** The act ends a running thing, so that its category is Execute. */
  ends?: true;
}

export interface ObjectRule {
  /** Separated by blanks. */
  verbs: string;
  /** Separated by bars. */
  objects: string;
  action: Action;
  because: string;
}

export interface ParticleRule {
  /** Separated by blanks. */
  verbs: string;
  /** Separated by blanks. */
  particles: string;
  action: Action;
  because: string;
  ends?: true;
}

/** What is meant by a verb, alone or with its object. */
export interface Sense {
  action: Action;
  because: string;
  ends: boolean;
}

export interface Verb extends Sense {
  lemma: string;
  /** 0: hardly ever a noun; 1: a noun about as often; 2: mostly a noun. */
  nounness: 0 | 1 | 2;
  vague: boolean;
  light: boolean;
  /** Senses by object, where the object matters. */
  objects: ReadonlyMap<string, Sense> | undefined;
  /** Senses by a word such as "out", where there are any. */
  particles: ReadonlyMap<string, Sense> | undefined;
  english: boolean;
}

/** How a verb is inflected; `noun` is the name of an act, as in "deletion". */
type Form = 'base' | 's' | 'ing' | 'past' | 'noun';

export interface VerbForm {
  verb: Verb;
  form: Form;
}

const ACTIONS = ['read', 'write', 'execute', 'destructive', 'financial'] as const satisfies Action[];

const verbs = new Map<string, Verb>();
const forms = new Map<string, VerbForm>();
/** By whether the language puts its verb last, then by the word. */
const unspaced = { first: new Map<string, Verb>(), last: new Map<string, Verb>() };
const MAX_UNSPACED_CHARS = 4;
const readNouns = new Set(READ_NOUNS);

/** The verb that a lower-case word is a form of. */
export function verbForm(word: string): VerbForm | undefined {
  return forms.get(word);
}

/** Whether a word names something to look at, such as `status`. */
export function isReadNoun(word: string): boolean {
  return readNouns.has(word);
}

/** The longest verb that begins at a place in text without blanks, and its length. */
export function unspacedVerbAt(
  text: string,
  at: number,
  isVerbLast: boolean,
): { verb: Verb; length: number } | undefined {
  const verbsThere = isVerbLast ? unspaced.last : unspaced.first;
  for (let length = Math.min(MAX_UNSPACED_CHARS, text.length - at); length > 0; length--) {
    const verb = verbsThere.get(text.slice(at, at + length));
    if (verb) return { verb, length };
  }
  return undefined;
}

/** The category of a tool that does this. */
export function categoryOf(sense: Pick<Sense, 'action' | 'ends'>): Category {
  if (sense.action === 'read') return 'Read';
  if (sense.action === 'write') return 'Write';
  if (sense.action === 'destructive') return sense.ends ? 'Execute' : 'Write';
  return 'Execute';
}

function build(): void {
  const objects = objectSenses();
  const entries = VERB_GROUPS.flatMap((group) =>
    group.words
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => ({ group, word })),
  );
  for (const { group, word } of entries) {
    const lemma = word.replaceAll('~', '');
    if (verbs.has(lemma)) continue;
    const verb: Verb = {
      lemma,
      action: group.action,
      because: group.because,
      ends: group.ends ?? false,
      nounness: Math.min(2, word.length - lemma.length) as 0 | 1 | 2,
      vague: VAGUE_VERBS.includes(lemma),
      light: LIGHT_VERBS.includes(lemma),
      objects: objects.get(lemma),
      particles: particlesOf(lemma),
      english: true,
    };
    verbs.set(lemma, verb);
    forms.set(lemma, { verb, form: 'base' });
  }
  for (const verb of verbs.values()) addInflections(verb);
  for (const [noun, lemma] of ACTION_NOUNS) {
    const verb = verbs.get(lemma);
    if (verb && !forms.has(noun)) forms.set(noun, { verb, form: 'noun' });
  }
  addLanguages();
}

function particlesOf(lemma: string): ReadonlyMap<string, Sense> | undefined {
  const senses = new Map<string, Sense>();
  for (const { verbs, particles, action, because, ends = false } of PARTICLE_RULES) {
    if (!verbs.split(' ').includes(lemma)) continue;
    for (const particle of particles.split(' ')) senses.set(particle, { action, because, ends });
  }
  return senses.size === 0 ? undefined : senses;
}

function objectSenses(): Map<string, Map<string, Sense>> {
  const byVerb = new Map<string, Map<string, Sense>>();
  for (const rule of [...OBJECT_RULES, ...NARROW_OBJECT_RULES]) {
    for (const verb of rule.verbs.split(' ')) {
      const senses = byVerb.get(verb) ?? new Map<string, Sense>();
      for (const object of rule.objects.split('|')) {
        senses.set(object.trim(), { action: rule.action, because: rule.because, ends: false });
      }
      byVerb.set(verb, senses);
    }
  }
  for (const senses of byVerb.values()) addPlurals(senses);
  return byVerb;
}

/** Whatever holds for one invoice holds for several, unless a rule names the plural itself. */
function addPlurals(senses: Map<string, Sense>): void {
  for (const [object, sense] of [...senses]) {
    const plural = /[^aeiou]y$/.test(object)
      ? `${object.slice(0, -1)}ies`
      : `${object}${/(?:s|x|ch|sh)$/.test(object) ? 'es' : 's'}`;
    if (!senses.has(plural)) senses.set(plural, sense);
  }
}

function addInflections(verb: Verb): void {
  const add = (word: string, form: Form) => {
    if (!forms.has(word)) forms.set(word, { verb, form });
  };
  const { lemma } = verb;
  if (/[^aeiou]y$/.test(lemma)) {
    add(`${lemma.slice(0, -1)}ies`, 's');
    add(`${lemma.slice(0, -1)}ied`, 'past');
    add(`${lemma}ing`, 'ing');
    return;
  }
  add(/(s|x|z|ch|sh|o)$/.test(lemma) ? `${lemma}es` : `${lemma}s`, 's');
  if (lemma.endsWith('e')) {
    add(`${lemma}d`, 'past');
    add(`${lemma.slice(0, -1)}ing`, 'ing');
    return;
  }
  add(`${lemma}ed`, 'past');
  add(`${lemma}ing`, 'ing');
  if (/[^aeiou][aeiou][bdgklmnprtv]$/.test(lemma)) {
    const doubled = lemma + lemma.slice(-1);
    add(`${doubled}ed`, 'past');
    add(`${doubled}ing`, 'ing');
  }
}

function addLanguages(): void {
  for (const { verbs: byAction, vague } of SPACED_LANGUAGES) {
    for (const verb of foreignVerbs(byAction, vague)) {
      if (!forms.has(verb.lemma)) forms.set(verb.lemma, { verb, form: isInfinitive(verb) ? 'base' : 's' });
    }
  }
  for (const { language, verbs: byAction, vague } of UNSPACED_VERBS) {
    const known = language === 'zh' ? unspaced.first : unspaced.last;
    for (const verb of foreignVerbs(byAction, vague)) if (!known.has(verb.lemma)) known.set(verb.lemma, verb);
  }
}

/** Spanish, Portuguese and French end it in -r or -re, German in -en, Russian in -ть. */
function isInfinitive({ lemma }: Verb): boolean {
  return /(?:r|re|en|ть)$/.test(lemma);
}

function foreignVerbs(byAction: Readonly<Record<Action, string>>, vague = ''): Verb[] {
  const loose = new Set(vague.split(' '));
  const found = ACTIONS.flatMap((action) => byAction[action].split(/\s+/).map((word) => ({ word, action })));
  for (const word of loose) found.push({ word, action: 'write' });
  return found.flatMap(({ word, action }) =>
    word === '' ? [] : [foreignVerb(word, action, loose.has(word))],
  );
}

function foreignVerb(word: string, action: Action, isVague: boolean): Verb {
  const lemma = word.replaceAll('~', '');
  const group = VERB_GROUPS.find((candidate) => candidate.action === action);
  return {
    lemma,
    action,
    because: group?.because ?? '',
    ends: false,
    nounness: Math.min(2, word.length - lemma.length) as 0 | 1 | 2,
    vague: isVague,
    light: false,
    objects: undefined,
    particles: undefined,
    english: false,
  };
}

build();
