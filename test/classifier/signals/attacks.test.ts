import { expect, test } from 'vitest';
import { quoteHolds } from '../../../classifier/classify.ts';
import { HOSTILE_TOOLS, MODEL_ATTACKS } from '../../support/hostile-tools.ts';
import { classify, ids, present } from '../tools.ts';

const ATTACK_SIGNALS = ['model-instructions', 'hidden-characters', 'tool-shadowing'];

test.each(MODEL_ATTACKS.map((one) => [one.signal, one.attack, one] as const))(
  '%s: %s',
  (signal, _, { tool, pointer }) => {
    const finding = present(classify(tool)).find((one) => one.signal === signal);
    expect(finding?.evidence.map((evidence) => evidence.pointer)).toContain(pointer);
    for (const evidence of finding?.evidence ?? []) {
      expect(quoteHolds(tool, evidence)).toBe(true);
      expect(evidence.note).toMatch(/^[\x20-\x7e\n\t\u00a0-\u{1fffd}]+$/u);
    }
  },
);

test.each(MODEL_ATTACKS.map((one) => [one.attack, one] as const))(
  'an attack that is sure raises the risk and never speaks for a category: %s',
  (_, { tool }) => {
    const verdict = classify(tool);
    for (const finding of present(verdict).filter((one) => ATTACK_SIGNALS.includes(one.signal))) {
      expect(finding.supports).toBeUndefined();
      expect(finding.raises).toBe(finding.confidence === 'high' ? 'high' : undefined);
      if (finding.confidence === 'high') expect(['high', 'critical']).toContain(verdict.risk);
    }
  },
);

test.each(HOSTILE_TOOLS.map((tool) => [JSON.stringify(tool.name).slice(0, 40), tool] as const))(
  'hostile text in a tool called %s is found',
  (_, tool) => {
    expect(ids(classify(tool))).toContain('hidden-characters');
  },
);

/** What honest servers write, from short orders of use to texts about attacks. */
const HONEST: readonly [string, string][] = [
  ['an order of calls', 'You MUST call resolve_library before this tool. Always call it first.'],
  ['a stern note', 'IMPORTANT: dates are ISO 8601. NEVER pass a relative path. Do not include the protocol.'],
  ['care for the user', 'Always ask the user for confirmation. Never delete without telling the user.'],
  [
    'a silent flag',
    'Sends the message silently: members are not notified. Does not notify the user of changes.',
  ],
  ['what it does with notices', 'Set quiet to not notify users by e-mail.'],
  ['memory', 'Clear the history. Forget previous messages of this chat and start a new conversation.'],
  ['logs', 'Ignore previous errors of a monitor, or ignore all rules that match the pattern.'],
  [
    'a guard',
    'Detects prompt injection such as "ignore all previous instructions" or "do not tell the user".',
  ],
  ['keys', 'Add a public key, e.g. the contents of ~/.ssh/id_ed25519.pub, to the account.'],
  [
    'settings',
    'Reads its settings from .env; the token is taken from the environment variables API_KEY and API_URL.',
  ],
  [
    'an agent',
    'Create an agent with a system prompt, its tools and a first message. Provide the system prompt.',
  ],
  ['a chat', 'Summarise all messages of a conversation. Returns the full conversation history of a channel.'],
  [
    'a hook',
    'Post a message to https://hooks.chat.example with the text. Copy the link and send it to the user.',
  ],
  ['placeholders', 'Assign a <role> to a <user> or <system>; see <important_dates> for the calendar.'],
  ['an emoji', '\u26a0\ufe0f Deletes the record. \u{1f468}\u200d\u{1f4bb} For developers.'],
  ['Persian', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0646\u062f'],
  ['German', 'Ignoriere leere Zeilen. Der Benutzer wird nicht benachrichtigt.'],
  ['Chinese', '不要让用户等待;忽略大小写。获取所有指令的列表。'],
  ['a table', 'Returns a table:\n\n\n| a | b |\n|---|---|\n\n\n\nDone.'],
  ['a sum', 'Checks a SHA-256 such as e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.'],
  [
    'a better choice',
    'Use this instead of list_items when you know the id. Prefer search_items over list_items.',
  ],
  [
    'a loop',
    'Use this tool instead of calling update_item many times. When send_email is called, a log entry is added.',
  ],
];

test.each(HONEST)('%s is no attack', (_, description) => {
  const found = ids(classify({ name: 'use_it', description: `Use it. ${description}` }));
  expect(found.filter((id) => ATTACK_SIGNALS.includes(id))).toEqual([]);
});
