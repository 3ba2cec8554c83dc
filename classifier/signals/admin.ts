import { matchEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

const ADMIN_ONLY =
  /\b(?:admins?|administrators?|superusers?|owners?)[- ]only\b|\b(?<!may )(?:requires?|needs?|must have) (?:an? |the )?(?:[\w-]+ ){0,2}?(?:admin|administrator|administrative|root|sudo|superuser)\b|\bonly (?:for )?(?:admins|administrators)\b/i;
/** Whether somebody gets in at all: "a user's access to an agency". */
const ACCESS =
  /\b(?:users?|teams?|members?|groups?|accounts?|guests?|people|collaborators?|public|anonymous)(?:'s|’s|s'|s’)? access\b/i;

const ACCESS_WORDS = new Set(
  'role roles permission permissions firewall rbac acl iam privilege privileges admin admins administrator'.split(
    ' ',
  ),
);
const PEOPLE = new Set('user users member members collaborator collaborators'.split(' '));
const PAIRS = new Set(
  'server param|server parameter|server parameters|server configuration|server settings|security policy|access policy|private endpoint|custom domain|custom domains'.split(
    '|',
  ),
);

/** Verbs by which people gain or lose their place; others merely mention a person. */
const MEMBERSHIP_VERBS = new Set(
  'create add remove delete disable enable deactivate suspend ban unban invite kick update promote demote block approve'.split(
    ' ',
  ),
);

const TRIGGERS = wordSet([
  ...ACCESS_WORDS,
  ...PEOPLE,
  ...[...PAIRS].map((pair) => pair.slice(pair.indexOf(' ') + 1)),
  ...'administrators administrative superuser superusers owner owners root sudo access'.split(' '),
]);

export const signal = defineSignal({
  id: 'admin',
  group: 'capability',
  version: 2,
  label: 'Admin/system-level operation',
  title: 'Admin or system-level operation',
  why: 'It changes who may do what, or how a whole system is set up, so a mistake reaches everyone who uses it.',
  looksAt: 'the name and the description',
  falsePositives:
    'A role in a play, a member of a list, and other uses of the words that have nothing to do with access.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'rotate_signing_key', description: 'Rotate the signing key of the workspace. Admin-only.' },
      { name: 'update_user_role', description: 'Change the role of a user in the organisation' },
      { name: 'create_firewall_rule', description: 'Create a firewall rule for a database server' },
    ],
    silent: [
      { name: 'list_role_assignments', description: 'List the role assignments of a subscription' },
      { name: 'get_user', description: 'Get a user by id' },
      { name: 'create_note', description: 'Create a note' },
    ],
  },
  observe(facts) {
    const stated = matchEvidence(facts.description, ADMIN_ONLY, 'says that only an administrator may use it');
    const found = stated ? [stated] : changesAccess(facts);
    return presentIf(found, { confidence: stated ? 'high' : 'medium' });
  },
});

function changesAccess(facts: ToolFacts) {
  const act = facts.acts[0];
  if (!act || act.action === 'read') return [];
  const name = facts.name.words.map((word) => word.text);
  const object = wordsOf(act.object ?? '');
  const isAdmin =
    [name, object].some((words) => words.some((word) => ACCESS_WORDS.has(word))) ||
    [name, wordsOf(ownPhrase(act.phrase))].some(namesServer) ||
    ACCESS.test(act.object ?? '') ||
    (MEMBERSHIP_VERBS.has(act.lemma) && [name, object].some((words) => PEOPLE.has(words.at(-1) ?? '')));
  return isAdmin ? [{ ...act.evidence, note: 'changes access, accounts or the set-up of a server' }] : [];
}

/** "For custom domains" tells what for, not what is changed. */
function ownPhrase(phrase: string): string {
  const end = phrase.search(/\bfor\b/);
  return end === -1 ? phrase : phrase.slice(0, end);
}

function namesServer(words: readonly string[]): boolean {
  return words.some((word, at) => word === 'administrator' || PAIRS.has(`${word} ${words[at + 1] ?? ''}`));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[^a-z]+/);
}
