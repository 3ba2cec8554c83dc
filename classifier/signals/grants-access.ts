import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { matchEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

/** What decides who may do what. */
const RIGHTS = String.raw`(?:permissions?|roles?|role (?:assignments?|bindings?|policies)|privileges?|acls?|access control (?:lists?|entr(?:y|ies))|access (?:polic(?:y|ies)|levels?|rights?|rules?|grants?|to \w+)|iam (?:polic(?:y|ies)|roles?|bindings?|users?|groups?)|(?:bucket|resource|key|file system|queue|topic|permission|authorization|auth) polic(?:y|ies)|(?:oauth|api|token|permission|consent) scopes?|collaborators?|public access(?! (?:token|key))|sharing(?: settings| permissions?| links?)?|share(?:d|able)? links?|share permissions?|sharelinks?|(?:un)?restricted access|(?:team|project|group|organi[sz]ation|org|workspace|channel|repository|space|board|vault)s? (?:members?|memberships?|collaborators?|admins?)|memberships?|invit(?:es?|ations?)|invite links?|deploy keys?|firewall rules?|(?:ingress|inbound) rules?|allow ?lists?|cors)`;
/** A word that ends the phrase, so that the right is its head: not "role description" or "scope note". */
const HEAD = String.raw`(?![\w-]| (?:name|names|description|note|notes|title|titles|play\w*|models?|message|messages|prompt|prompts|template|templates|attribute|color|colour|icon|id|ids|policy document|request|requests|review|reviews|issue|issues|type|types|stages?|definition file|of the (?:problem|work|project|analysis|character))\b)`;
const RIGHT = new RegExp(String.raw`\b${RIGHTS}${HEAD}`, 'i');

/** Verbs that give or change a right; taking one away is left to what the tool destroys. */
const CHANGES = new Set(
  'add create set update put modify change edit assign attach grant apply patch replace upsert write enable configure manage insert give provide allow enroll register customize'.split(
    ' ',
  ),
);
const GRANTS = new Set('grant authorize authorise invite permit'.split(' '));
const PEOPLE =
  /\b(?:users?|members?|people|person|persons|participants?|collaborators?|teams?|groups?|service accounts?|guests?|contacts?|principals?|admins?|owners?|organi[sz]ations?|accounts?|players?|reviewers?|someone|others|anyone|e-?mail addresses)\b/i;
/** Where a new member gets to see or do something. */
const PLACE =
  /\b(?:(?:to|into|in|with access to) (?:[\w'-]+ ){0,4}?(?:teams?|groups?|projects?|organi[sz]ations?|orgs?|workspaces?|channels?|repositor(?:y|ies)|repos?|spaces?|boards?|roles?|accounts?|conversations?|chats?|rooms?|servers?|folders?|vaults?|clusters?|apps?|applications?|drives?|agenc(?:y|ies)|tenants?|sites?|class(?:es)?|courses?)\b|as an? (?:\w+ )?(?:members?|collaborators?|admins?|owners?)\b)/i;
const LEVEL = /\b(?:access|permission) levels?\b/i;
const SHARES = /\b(?:with|to|via|publicly|link)\b|^(?:an? |the )?[\w-]+(?: [\w-]+)?(?: or | and |$)/i;
const SHARED =
  /\b(?:files?|folders?|documents?|docs?|drives?|items?|spreadsheets?|sheets?|notes?|pages?|dashboards?|calendars?|boards?|projects?|repositor(?:y|ies)|reports?|vaults?|albums?|playlists?|forms?|lists?|snapshots?|images?|recordings?|workspaces?|databases?|resources?|access|permissions?|secrets?|links?|graphs?|agents?|sites?|notebooks?|collections?|groups?|calendars?)\b/i;
const OPENS =
  /\b(?:makes?|making|sets?|setting|turns?|toggles?) (?![^.]{0,40}\b(?:variables?|fields?|methods?|class|functions?) public)(?:an? |the |your |this |it )?(?:[\w'-]+ ){0,4}(?:public(?:ly)?|world-readable|accessible to (?:anyone|everyone|the public))\b(?! (?:ip|key|dns|api|endpoint|holidays?|id|url|profile|name|description))|\b(?:changes?|sets?|updates?) (?:the )?(?:\w+ )?visibility\b|\b(?:enables?|allows?) (?:anonymous|public) access\b|\bblock public access\b/i;
/** Uses of the words that are about something else. */
const OTHER =
  /\b(?:system prompt|persona|character|actor|screenplay|labels?|reactions?|aria|semantic role|role of (?:the|a) (?:ai|model|assistant)|comment thread|stock|shares of|market share|todo|e-?mail group|contact group|security findings|issue|merge request|pull request|task|tasks|calendar|meeting|event|card|document to (?:a|the) (?:group|project)|code scope|android|browser|geolocation|camera|microphone|chrome|page)\b/i;

const TRIGGERS = wordSet(
  `grant grants granting permission permissions role roles privilege privileges acl acls access iam policy policies scope scopes share shares sharing
   shared shareable invite invites invitation invitations authorize authorizes authorise permit public publicly visibility member members membership
   memberships collaborator collaborators firewall ingress inbound cors allowlist team teams group groups user users rolebinding clusterrolebinding binding
   unshare admin sharelink rule rules assign add`.split(/\s+/),
);

export const signal = defineSignal({
  id: 'grants-access',
  group: 'capability',
  version: 1,
  label: 'Grants access or changes permissions',
  title: 'Grants access or changes permissions',
  why: 'Whoever is let in stays in after the conversation is over, and can do what no single call could.',
  looksAt: 'what the name and the description say is granted, shared, opened or assigned, and to whom',
  falsePositives: 'Roles and groups of things that open no door, such as the groups of a contact list.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'add_collaborator', description: 'Add a collaborator to a repository' },
      { name: 'drive_share', description: 'Share a file with a user or make it public' },
      { name: 'put_acl', description: 'Set the access control list of a bucket' },
      { name: 'bind', description: 'Assign a role to a service account' },
      { name: 'invite_user', description: 'Invite a user to the workspace' },
    ],
    silent: [
      { name: 'list_permissions', description: 'List the permissions of a file' },
      { name: 'revoke_access', description: 'Revoke the access of a user to a project' },
      { name: 'share_idea', description: 'Share your thoughts on a topic' },
      { name: 'set_role', description: 'Set the role of the character in the story' },
      { name: 'assign_issue', description: 'Assign an issue to a member of the team' },
      { name: 'add_to_group', description: 'Add a shape to a group' },
    ],
  },
  observe(facts) {
    const evidence = facts.acts
      .filter((act) => grants(act, facts))
      .map((act) => ({ ...act.evidence, note: NOTE }));
    const [first] = evidence.length > 0 ? evidence : [inText(facts) ?? inName(facts)];
    return presentIf(first ? [first] : [], {
      confidence: first?.pointer === '/name' ? 'medium' : 'high',
      raises: 'high',
    });
  },
});

const NOTE = 'lets somebody in or changes what they may do';

function grants(act: Act, facts: ToolFacts): boolean {
  if (act.action === 'read' || act.source === 'choice') return false;
  const said =
    act.source === 'name'
      ? facts.name.words.map((word) => word.text).join(' ')
      : act.phrase || (act.object ?? '');
  const object = act.object ?? said;
  if (GRANTS.has(act.lemma))
    return (
      (act.lemma === 'grant' &&
        !/\b(?:requests?|approvals?|wish|coupon|points?|badge|xp|credits?)\b/i.test(object)) ||
      (PEOPLE.test(object) && !OTHER.test(object)) ||
      RIGHT.test(object)
    );
  if (act.lemma === 'share')
    return (
      SHARED.test(object) &&
      (act.source === 'name' || SHARES.test(said)) &&
      !/\b(?:thought|idea|feedback|opinion|insight|knowledge|tips?)/i.test(object)
    );
  if (!CHANGES.has(act.lemma) || OTHER.test(said)) return false;
  if (RIGHT.test(object) || LEVEL.test(act.phrase)) return true;
  return (
    (act.lemma === 'add' || act.lemma === 'assign' || act.lemma === 'enroll') &&
    PEOPLE.test(object) &&
    PLACE.test(said.slice(object.length > 0 ? said.indexOf(object) + object.length : 0))
  );
}

const MAX_READ = 200;

/** "Makes it public", by whatever verb. */
function inText({ description, acts }: ToolFacts): Evidence | undefined {
  if (!description || acts.every(({ action }) => action === 'read')) return undefined;
  return matchEvidence({ ...description, text: clip(description.text, MAX_READ) }, OPENS, NOTE);
}

const NAMED =
  /\b(?:grant|share|assign|set|update|add|put|create|change|modify|make)\b(?: \w+)*? (?:permissions?|roles?|acl|access|iam policy|policy binding|role binding|collaborators?|public|visibility|sharing)$|(?:^|\b)(?:make public|grant access)$|\b(?:drive|file|folder|docs?|document|board|calendar|sheet) share$|^(?:\w+ )?share (?:file|folder|document|board|calendar|sheet)s?$/;

/** A name that says it, where the description has no more than a vague verb. */
function inName({ name, acts, description }: ToolFacts): Evidence | undefined {
  if (acts.length === 0 || acts.some(({ action }) => action === 'read')) return undefined;
  if (OTHER.test(description?.text.slice(0, MAX_READ) ?? '')) return undefined;
  if (!NAMED.test(name.words.map((word) => word.text).join(' '))) return undefined;
  return { pointer: '/name', quote: clip(name.text, MAX_QUOTE_CHARS), note: NOTE };
}
