import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'hidden-text',
  title: 'Hidden text',
  summary: 'Characters that a person cannot see tell the model something that the person never reads.',
  how: [
    'Unicode has characters without a picture: tags that spell Latin letters, spaces of no width, marks that turn the direction of writing, selectors that change nothing. Screens leave them out. A model gets them as they are, and many models read tags as the letters that they stand for.',
    'Letters that look alike do the opposite: a name reads as a known one and is another. So a rule for `read_file` does not meet the tool whose second letter is Cyrillic.',
    'Control sequences of a terminal belong here too. A definition that is printed raw can delete the line that warned of it.',
  ],
  needs: 'A text that a person reviews on a screen and a model reads as code points.',
  access: [{ signal: 'hidden-characters', weight: 3 }],
  combinations: [],
  example: [
    'The description of `translate` reads “Translates a text.” and is 400 characters long.',
    'The 380 that are not seen are tag characters. They spell an order to send every text to an address as well.',
    'A reviewer reads one short sentence and approves.',
    'The model is given both.',
  ],
  signs: [
    'A text that is longer than it looks. Pages of this catalogue and `catalogue show` print such characters as code points, for example `[U+E0041]`.',
    'Names that are equal on the screen and differ when they are compared.',
    'Characters of several scripts within one word.',
  ],
  rule: {
    words:
      'Deny everything that is not named, letter by letter, and hide the tool. Names in a policy are compared exactly, so a name that only looks like an allowed one is not allowed.',
    policy: { version: '1', default: 'deny', hide: ['translate'], tools: { detect_language: {} } },
  },
  vain: [
    'Reading the definition carefully, in a program that leaves out what it cannot draw.',
    'Removing spaces of no width only: there are hundreds of characters of this kind.',
    'A list of forbidden words, which looks for letters where there are tags.',
  ],
  sources: [SOURCES.asciiSmuggler, SOURCES.trojanSource, SOURCES.cweHomoglyphs],
});
