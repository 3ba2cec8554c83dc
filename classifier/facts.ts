import type { ToolDefinition } from '../crawler/contract.ts';
import { type Act, actsOfName, readActs } from './acts.ts';
import type { HintName } from './contract.ts';
import { documentedParameters } from './documented.ts';
import { glanceForOrders } from './find-orders.ts';
import { MAX_NAME_CHARS, MAX_TEXT_CHARS } from './limits.ts';
import { type Parameter, readParameters } from './parameters.ts';
import { clip, isUnspaced, type Sentence, splitSentences, splitWords, type Word } from './text.ts';
import { type Vocabulary, vocabulary, type WordSet } from './vocabulary.ts';
import { findTexts, type WireText } from './wire-texts.ts';

/** A piece of a definition's text: the words in it, and where it stands in the wire form. */
export interface Text {
  pointer: string;
  /** As sent, up to the length that is read. */
  text: string;
  words: readonly Word[];
}

export interface Prose extends Text {
  sentences: readonly Sentence[];
}

export type HintClaim = 'true' | 'false' | 'unset';

/** What a definition says, without judgement. */
export interface ToolFacts {
  readonly definition: ToolDefinition;
  readonly name: Text;
  readonly title: Text | undefined;
  /** Missing when there is none or when it is blank. */
  readonly description: Prose | undefined;
  /** Every parameter, nested ones too, in the order in which the schema has them. */
  readonly parameters: readonly Parameter[];
  /** The same with what the description says of them, or only those that it documents where no schema was sent. */
  readonly documented: readonly Parameter[];
  /** Parameters at the top level only. */
  readonly propertyCount: number;
  readonly hints: Readonly<Record<HintName, HintClaim>>;
  /** Texts and keys anywhere in the definition that may hide something or give orders; most definitions have none. */
  readonly suspects: readonly WireText[];
  /** What the tool is said to do, strongest first. */
  readonly acts: readonly Act[];
  /** What the name alone says that it does, the main act first. */
  readonly named: readonly Act[];
  /**
   * Whether one of these words stands in the name, the title, the description or a parameter's name, or may stand in
   * a part of them that has no blanks between its words.
   */
  mentions(words: WordSet): boolean;
}

/** The facts of a definition. Never throws, whatever the definition holds. */
export function factsOf(definition: ToolDefinition): ToolFacts {
  const name = nameOf(definition);
  const stated = {
    definition,
    name,
    title: titleOf(definition),
    description: descriptionOf(definition),
    parameters: readParameters(definition.inputSchema),
    propertyCount: propertyCountOf(definition),
    hints: hintsOf(definition),
    suspects: findTexts(definition.wire, glanceForOrders),
    documented: NO_PARAMETERS,
    acts: NO_ACTS,
    named: actsOfName(name),
    mentions(set: WordSet) {
      return words.meets(set);
    },
  };
  const words = vocabularyOf(stated);
  stated.documented = documentedParameters(stated);
  stated.acts = readActs(stated);
  return stated;
}

/** The tool's name as a person would say it: `delete_all-files` is "delete all files". */
export function spokenName({ name }: Pick<ToolFacts, 'name'>): string {
  return name.text.replaceAll(/[_-]/g, ' ');
}

/** The name as it is spoken, and the head of the description. */
export function openingOf(facts: Pick<ToolFacts, 'name' | 'description'>, mostChars: number): string {
  return `${spokenName(facts)} ${facts.description?.text.slice(0, mostChars) ?? ''}`;
}

/** Facts have one shape from the start, which the engine reads faster than accessors or copies. */
const NO_ACTS: readonly Act[] = [];
const NO_PARAMETERS: readonly Parameter[] = [];

function propertyCountOf({ inputSchema: { properties } }: ToolDefinition): number {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return 0;
  return Object.keys(properties).length;
}

function vocabularyOf({ name, title, description, parameters }: ToolFacts): Vocabulary {
  const words = vocabulary();
  for (const text of [name, title, description]) {
    for (const word of text?.words ?? []) {
      if (isUnspaced(word.text)) words.addAll();
      else words.add(word.text);
    }
  }
  for (const parameter of parameters) for (const word of parameter.words) words.add(word);
  return words;
}

function nameOf(definition: ToolDefinition): Text {
  const text = clip(definition.name, MAX_NAME_CHARS);
  return { pointer: '/name', text, words: splitWords(text, 'identifier') };
}

/** The title in the annotations is left out: an annotation may not speak for a lower risk. */
function titleOf(definition: ToolDefinition): Text | undefined {
  const text = definition.title && clip(definition.title, MAX_NAME_CHARS);
  if (text === undefined || text.trim() === '') return undefined;
  return { pointer: '/title', text, words: splitWords(text, 'prose') };
}

/** What a catalogue's page printed around a description before somebody copied both. */
const PAGE_FURNITURE = /^Deploy Server\b[^\n]{0,300}?\bTry in Playground\b\s*/;

function descriptionOf(definition: ToolDefinition): Prose | undefined {
  const text = definition.description && clip(withoutFurniture(definition.description), MAX_TEXT_CHARS);
  if (text === undefined || text.trim() === '') return undefined;
  const words = splitWords(text, 'prose');
  return { pointer: '/description', text, words, sentences: splitSentences(text, words) };
}

function withoutFurniture(text: string): string {
  return text.startsWith('Deploy ') ? text.replace(PAGE_FURNITURE, '') : text;
}

function hintsOf(definition: ToolDefinition): Record<HintName, HintClaim> {
  const annotations = definition.annotations;
  return {
    readOnlyHint: claim(annotations?.readOnlyHint),
    destructiveHint: claim(annotations?.destructiveHint),
    idempotentHint: claim(annotations?.idempotentHint),
    openWorldHint: claim(annotations?.openWorldHint),
  };
}

function claim(hint: boolean | undefined): HintClaim {
  return hint === undefined ? 'unset' : hint ? 'true' : 'false';
}
