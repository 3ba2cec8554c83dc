/** Every bound that the classifier sets on a stranger's definition, with its reason. */

/**
 * Characters of a name that are read. The protocol advises 128; whatever follows a name this long was not
 * written to say what the tool does.
 */
export const MAX_NAME_CHARS = 256;

/**
 * Characters of a description that are read. The longest seen in the wild is 13,090, and a longer text would let
 * one tool cost as much as hundreds.
 */
export const MAX_TEXT_CHARS = 16_000;

/** Sentences of a description that are read for what they say about the tool; manuals run on for hundreds. */
export const MAX_SENTENCES = 200;

/** Levels of a schema below its root. Real ones stay under 20; a reference that unfolds for ever stops here. */
export const MAX_SCHEMA_DEPTH = 12;

/** Parameters kept for one tool. The most seen in the wild is below 200. */
export const MAX_PARAMETERS = 500;

/** Schema nodes visited for one tool: unions of unions multiply long before they are deep. */
export const MAX_SCHEMA_NODES = 4_000;

/** Values of one enumeration that are read; router tools have up to about a hundred. */
export const MAX_CHOICES = 200;

/** Pieces of evidence kept in one finding; a reader is convinced by the first few. */
export const MAX_EVIDENCE = 12;

/** Characters of one quote; longer ones are cut at a word. */
export const MAX_QUOTE_CHARS = 160;

/** The least of a hash that names a definition in a correction; nobody meets another one by chance. */
export const MIN_HASH_PREFIX = 12;

/** Texts of one wire form that are searched for attacks, keys too. The most seen in the wild is below 2,000. */
export const MAX_WIRE_TEXTS = 10_000;

/** Levels of the wire form that are searched for attacks; the crawler lets no deeper definition through. */
export const MAX_WIRE_DEPTH = 128;

/**
 * Characters of one text that are searched for attacks. It is more than is read for what a tool does: a model is given
 * all of a text, and padding costs an attacker nothing.
 */
export const MAX_ATTACK_CHARS = 200_000;
