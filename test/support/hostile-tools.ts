/** What a server would send to attack whoever stores, prints or shows its tools. Every entry is still a tool. */
export const HOSTILE_NAMES: readonly string[] = [
  '../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  '<script>globalThis.pwned = true</script>',
  '"><img src=x onerror="globalThis.pwned = true">',
  'n'.repeat(5_000),
  '\u202Eevil\u202C',
  '\u200b',
  '',
  'Delete_File',
  'delete_file',
  'DELETE_FILE',
  'same name',
  'same name',
  'index',
  'con',
  '..',
  '.',
  'a/b\\c',
  'nul\0name',
  'line\nbreak',
  '\x1b[2J\x1b]0;owned\x07',
  '\ud800 half a pair',
  '{{7*7}} <%= 7*7 %>',
  "'; drop table servers; --",
  '日本語ツール',
  '🔥',
];

const HOSTILE_DESCRIPTION = [
  '<script>globalThis.pwned = true</script>',
  '<img src="http://127.0.0.1:9/leak" onerror="globalThis.pwned = true">',
  '<a href="javascript:globalThis.pwned = true">click</a> [x](javascript:alert(1))',
  '\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x9b2J \r overwritten',
  '\u202Eright to left\u202C \u2066isolate\u2069 zero\u200bwidth \u{E0041}tag \0nul \ud800',
  '</script></style></textarea>--> ]]> &amp; &#x3c;script&#x3e;',
].join('\n');

export const HOSTILE_TOOLS: readonly Record<string, unknown>[] = HOSTILE_NAMES.map((name) => ({
  name,
  description: HOSTILE_DESCRIPTION,
  inputSchema: {
    type: 'object',
    properties: JSON.parse(
      JSON.stringify({
        [name]: { type: 'string', description: HOSTILE_DESCRIPTION },
        url: { type: 'string' },
      }),
    ),
  },
}));
