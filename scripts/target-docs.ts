import type { PolicyDocument } from '../policy/contract.ts';
import type { Abilities, ExportContext, Target } from '../policy/target.ts';
import { targets } from '../policy/targets/index.generated.ts';
import { markdownTable } from './markdown.ts';

/** Around the table of the README. */
export const TARGET_MARKERS = { start: '<!-- targets -->', end: '<!-- /targets -->' };

const ABILITIES: Record<keyof Abilities, string> = {
  allow: 'allow',
  ask: 'ask',
  deny: 'deny',
  hide: 'hide',
  arguments: 'arguments',
  limits: 'limits',
};

/** A small server and a policy for it, the same in every example; it has one rule of each kind. */
const CONTEXT: ExportContext = {
  serverName: 'notes',
  tools: ['create_note', 'delete_note', 'fetch_page', 'list_notes', 'wipe_all'],
};

const EXAMPLE: PolicyDocument = {
  version: '1',
  default: 'deny',
  hide: ['wipe_all'],
  tools: {
    create_note: { limits: [{ counter: 'create_note_rate', window: 'minute', max: 30, scope: 'grant' }] },
    delete_note: { require_approval: [{ conditions: [], on_deny: 'Requires human approval.' }] },
    fetch_page: {
      require: [
        {
          conditions: [{ path: 'args.url', op: 'regex', value: '^https://' }],
          on_deny: 'The address must begin with https://.',
        },
      ],
    },
    list_notes: {},
  },
};

/** The table of all targets, for the README and for `docs/targets.md`; `page` is where a target has its section. */
function targetTable(page: string): string {
  const keys = Object.keys(ABILITIES).filter((key): key is keyof Abilities => key in ABILITIES);
  return markdownTable(
    ['target', ...keys.map((key) => ABILITIES[key]), 'a new tool is'],
    targets.map(({ id, title, abilities, newTools }) => [
      `[\`${id}\`](${page}#${id}) ${title}`,
      ...keys.map((key) => abilities[key]),
      newTools,
    ]),
  );
}

/** What stands in the README between the markers. */
export function readmeTargets(): string {
  return `\n${targetTable('docs/targets.md')}\n`;
}

/** `docs/targets.md`: every target with what it can say, how it is used, and an example. */
export function renderTargetDocs(): string {
  return `# Targets

<!-- Written by \`npm run generate\` from the targets themselves. -->

\`catalogue export <server> --target <id>\` writes a policy for the place that enforces it. What the place cannot say is
told after the export, and \`--strict\` refuses to write it; [policies.md](policies.md) says how a loss errs.

${targetTable('')}
"ask" means that a person is asked before the call, "hide" that the tool is taken out of the list, "arguments" conditions
on them, "limits" how often. A tool that the server adds tomorrow is denied, hidden or asked about, whatever the target;
\`gateway\` and \`policy-json\` write the document itself, so there this holds for the default \`deny\` of every
recommendation. Clients know a tool by a name in which they replace what is no letter, digit, \`_\`, \`-\` or \`.\`; two
tools whose names become the same are one tool to them.

The examples are for a server \`notes\` of which \`list_notes\` is allowed, \`create_note\` allowed 30 times a minute,
\`fetch_page\` allowed for addresses with https, \`delete_note\` after an approval, and \`wipe_all\` hidden.

${targets.map(section).join('\n')}`;
}

function section(target: Target): string {
  const { id, title, summary, usage, abilities, newTools } = target;
  const { fileName, text, losses } = target.emit(EXAMPLE, CONTEXT);
  const said = (wanted: string) =>
    Object.entries(abilities)
      .filter(([, ability]) => ability === wanted)
      .map(([key]) => key)
      .join(', ') || 'nothing';
  const lost =
    losses.length === 0
      ? 'Nothing is lost of the example.'
      : `Lost of the example:\n\n${losses.map((loss) => `- ${loss}`).join('\n')}`;
  return `## ${id}

**${title}.** ${summary}

${usage}

Says: ${said('yes')}. Partly: ${said('partly')}. Not: ${said('no')}. A new tool is ${newTools}.

${lost}

\`${fileName}\`:

\`\`\`${fileName.split('.').at(-1)}
${text.trimEnd()}
\`\`\`
`;
}
