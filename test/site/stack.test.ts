import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { findCombinations } from '../../classifier/combinations.ts';
import { readClientEntry } from '../../crawler/client-entry.ts';
import { targets } from '../../policy/targets/index.generated.ts';
import { briefOf } from '../../site/brief.ts';
import { outlineOf } from '../../site/outline.ts';
import { page as lookupPage } from '../../site/pages/stack-lookup.ts';
import { bucketName, bucketNames, digitsFor, type StackBucket } from '../../site/stack/buckets.ts';
import { readStack } from '../../site/stack/config.ts';
import { findServers } from '../../site/stack/lookup.ts';
import { stackExports, verdictOf } from '../../site/stack/verdict.ts';
import { world } from '../crawler/sources/deps.ts';
import { awkward, hostile, seeds } from './samples.ts';
import { type GivenServer, SETTINGS, sheetsOf } from './view.ts';

const digest = async (text: string) => createHash('sha256').update(text).digest('hex');
const READER = {
  name: 'read_notes',
  description: 'Reads a note of the user.',
  inputSchema: { type: 'object' },
};
const SENDER = {
  name: 'send_email',
  description: 'Sends an email to any address.',
  inputSchema: { type: 'object', properties: { to: { type: 'string' } } },
};
const FETCHER = {
  name: 'fetch_url',
  description: 'Fetches the page at a URL.',
  inputSchema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
};

function given(id: string, ...tools: Record<string, unknown>[]): GivenServer {
  return { label: id, id, tools };
}

const CATALOGUE = [
  given('npm:@scope/notes', READER),
  given('npm:plain', READER),
  given('pypi:mcp-server-fetch', FETCHER),
  given('oci:mcp/mail', SENDER),
  given('https://mcp.example.com/mcp', SENDER),
  given('https://keyed.example.com/***/mcp?key=***', SENDER),
  given('command:own-00000000', READER),
  ...seeds,
  ...awkward,
  hostile,
];
const outlines = sheetsOf(CATALOGUE).map(outlineOf);

/** The files of the look-up, and how often the catalogue was read for them. */
async function lookupFiles(all = outlines): Promise<Map<string, string>> {
  async function* read() {
    yield* all;
  }
  if (lookupPage.of !== 'outlines') throw new Error('not made from outlines');
  const files = await Array.fromAsync(lookupPage.files(SETTINGS, read));
  return new Map(files.map(({ path, contents }) => [path, String(contents)]));
}

const files = await lookupFiles();

/** What the catalogue knows of each server of a configuration, by its id; and the files that were asked for. */
async function lookUp(
  config: string,
): Promise<{ found: Record<string, string | undefined>; asked: string[] }> {
  const read = readStack(config);
  if (!read.ok) throw new Error(read.message);
  const { digits } = JSON.parse(files.get('stack/index.json') ?? '');
  const asked: string[] = [];
  const found = await findServers(read.servers, digits, digest, async (name) => {
    asked.push(name);
    return JSON.parse(files.get(`stack/${name}.json`) ?? '');
  });
  return { found: Object.fromEntries(found.map(({ server, brief }) => [server.key, brief?.id])), asked };
}

function config(server: Record<string, unknown>): string {
  return JSON.stringify({ mcpServers: { it: server } });
}

describe('a server of a configuration is found', () => {
  test.each<[Record<string, unknown>, string | undefined]>([
    [{ command: 'npx', args: ['-y', '@scope/notes@1.2.3', '--root', '/home/me'] }, 'npm:@scope/notes'],
    [{ command: 'cmd', args: ['/c', 'npx', 'plain'] }, 'npm:plain'],
    [{ command: 'C:\\node\\npx.cmd', args: ['plain@latest'] }, 'npm:plain'],
    [{ command: 'bunx', args: ['plain'] }, 'npm:plain'],
    [{ command: 'pnpm', args: ['dlx', 'plain'] }, 'npm:plain'],
    [{ command: { path: 'npx', args: ['plain'] } }, 'npm:plain'],
    [{ command: 'uvx', args: ['mcp-server-fetch'] }, 'pypi:mcp-server-fetch'],
    [{ command: 'uvx', args: ['MCP_Server.Fetch==2.0'] }, 'pypi:mcp-server-fetch'],
    [
      { command: 'uvx', args: ['--python', '3.12', '--from', 'mcp-server-fetch[x]', 'run-it'] },
      'pypi:mcp-server-fetch',
    ],
    [{ command: '/usr/bin/uv', args: ['tool', 'run', 'mcp-server-fetch@latest'] }, 'pypi:mcp-server-fetch'],
    [{ command: 'pipx', args: ['run', 'mcp-server-fetch'] }, 'pypi:mcp-server-fetch'],
    [
      { command: 'docker', args: ['run', '-i', '--rm', '-e', 'KEY', '-v', '/a:/b', 'mcp/mail'] },
      'oci:mcp/mail',
    ],
    [
      { command: 'docker', args: ['run', '--rm', '-eKEY=1', '--name=x', 'docker.io/mcp/mail:2'] },
      'oci:mcp/mail',
    ],
    [
      { command: 'podman', args: ['run', '-it', '--network', 'none', 'mcp/mail:latest', 'x'] },
      'oci:mcp/mail',
    ],
    [{ url: 'https://mcp.example.com/mcp' }, 'https://mcp.example.com/mcp'],
    [{ serverUrl: 'https://MCP.example.com/mcp/?token=abc#x' }, 'https://mcp.example.com/mcp'],
    [{ httpUrl: 'https://me:pass@mcp.example.com/mcp' }, 'https://mcp.example.com/mcp'],
    [
      { command: 'npx', args: ['-y', 'mcp-remote', 'https://mcp.example.com/mcp'] },
      'https://mcp.example.com/mcp',
    ],
    [
      { url: `https://keyed.example.com/sk-abcdefghijklmnop1234/mcp?key=\${input:k}` },
      'https://keyed.example.com/***/mcp?key=***',
    ],
    [{ command: 'npx', args: ['-y', 'other'] }, undefined],
    [{ command: 'npx', args: ['--package', 'plain', 'x'] }, undefined],
    [{ command: 'docker', args: ['run', '-v', 'mcp/mail'] }, undefined],
    [{ command: 'docker', args: ['build', 'mcp/mail'] }, undefined],
    [{ command: 'node', args: ['./plain'] }, undefined],
    [{ url: `https://\${HOST}/mcp` }, undefined],
    [{ url: 'file:///etc/passwd' }, undefined],
  ])('%j: %s', async (server, id) => {
    expect((await lookUp(config(server))).found).toEqual({ it: id });
  });

  test.each([
    ['Claude Desktop', '{ "mcpServers": { "it": { "command": "npx", "args": ["plain"] } } }'],
    [
      'VS Code',
      '{ "servers": { "it": { "type": "stdio", "command": "npx", "args": ["plain"] } }, "inputs": [] }',
    ],
    [
      'older settings of VS Code',
      '{ "mcp": { "servers": { "it": { "command": "npx", "args": ["plain"] } } } }',
    ],
    [
      'Zed',
      '\ufeff// mine\n{ /* a */ "context_servers": { "it": { "command": "npx", "args": ["plain",], }, }, }',
    ],
    ['Codex', '# mine\n[mcp_servers.it]\ncommand = "npx"\nargs = ["plain"]\n'],
    [
      'Claude Code',
      '{ "projects": { "/home/me": { "mcpServers": { "it": { "command": "npx", "args": ["plain"] } } } } }',
    ],
  ])('in the form of %s', async (_, text) => {
    expect((await lookUp(text)).found).toEqual({ it: 'npm:plain' });
  });

  it('in one file, where the crawler knows it by one name', async () => {
    const many = await lookupFiles(
      Array.from({ length: 300 }, (_, n) => given(`npm:s${n}`, READER)).flatMap((each) =>
        sheetsOf([each]).map(outlineOf),
      ),
    );
    const asked: string[] = [];
    const read = readStack(config({ command: 'npx', args: ['s7', '--root', '/'] }));
    const { digits } = JSON.parse(many.get('stack/index.json') ?? '');
    await findServers(read.ok ? read.servers : [], digits, digest, async (name) => {
      asked.push(name);
      return JSON.parse(many.get(`stack/${name}.json`) ?? '');
    });
    expect(asked.length).toBe(1);
  });

  it('by the id that the crawler gives to a command of one’s own', async () => {
    const entry = { command: '/opt/own/server', args: ['--verbose', '--token', 'abcdef'] };
    const sourced = readClientEntry(entry, {
      file: 'x.json',
      key: 'it',
      folder: '/home/me',
      origin: { source: 'client-config', ref: 'x#it' },
      deps: world(),
    });
    const id = sourced?.target.id ?? '';
    expect(id).toMatch(/^command:it-/);
    const own = await lookupFiles(sheetsOf([given(id, READER)]).map(outlineOf));
    const read = readStack(config(entry));
    const found = await findServers(read.ok ? read.servers : [], 0, digest, async () =>
      JSON.parse(own.get('stack/all.json') ?? ''),
    );
    expect(found.map(({ brief }) => brief?.id)).toEqual([id]);
  });
});

describe('what cannot be read', () => {
  const SECRET = 'sk-SECRETSECRETSECRET';

  test.each([
    ['', 'Nothing has been pasted yet.'],
    ['{ "mcpServers": {', 'This is not JSON: look at line 1, column 18.'],
    [`{\n "env": { "KEY": "${SECRET} }`, /^This is not JSON: look at line 2, column 18\.$/],
    [`{ "a": ${SECRET} }`, /^This is not JSON: look at line 1, column 8\.$/],
    [`{ "a": 12345678901234567890 x }`, /^This is not JSON/],
    [`KEY = ${SECRET}`, /^This is not JSON, which begins with \{, and not TOML either: look at line 1\.$/],
    ['[1, 2]', /^This is not JSON, which begins/],
    ['{ "other": {} }', /^This lists no servers/],
  ])('%j', (text, message) => {
    const read = readStack(text);
    expect(read.ok ? 'read' : read.message).toMatch(message);
    expect(JSON.stringify(read)).not.toContain('SECRET');
  });

  it('costs itself only', () => {
    const read = readStack(
      '{ "mcpServers": { "off": { "command": "npx", "args": ["a"], "disabled": true }, "odd": { "command": 5 }, "on": { "command": "npx", "args": ["plain"] } } }',
    );
    expect(read).toMatchObject({
      ok: true,
      servers: [{ key: 'on', id: 'npm:plain' }],
      left: [{ key: 'off' }, { key: 'odd' }],
    });
  });
});

describe('a secret', () => {
  // Everything that a configuration may hide a value in.
  const SECRETS = Array.from({ length: 9 }, (_, index) => `hush${index}hush`);
  const [env, header, arg, named, user, query, variable, cwd, path] = SECRETS;
  const text = JSON.stringify({
    mcpServers: {
      a: {
        command: 'npx',
        args: ['-y', 'plain', arg, `--token=${named}`],
        env: { KEY: env },
        cwd: `/home/${cwd}`,
      },
      b: {
        url: `https://${user}:${user}@mcp.example.com/mcp?key=${query}`,
        headers: { Authorization: header },
      },
      c: { command: `/home/${path}/server`, args: [arg], env: { X: variable } },
      d: { command: 'uvx', args: ['unknown-server', '--key', arg] },
      e: { command: 'docker', args: ['run', '-e', `KEY=${env}`, 'unknown/image', arg] },
      f: {
        command: 'npx',
        args: ['-y', 'mcp-remote', `https://x.example/mcp?k=${query}`, '--header', header],
      },
    },
  });

  it('is in nothing that the page has to show or to ask for', async () => {
    const read = readStack(text);
    const { asked, found } = await lookUp(text);
    const servers = read.ok ? read.servers.map(({ commandText: _, ...shown }) => shown) : [];
    const shown = JSON.stringify([servers, asked, found]);
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
    expect(servers.map(({ scan }) => scan)).toEqual([
      'npm:plain',
      undefined,
      undefined,
      '-- uvx unknown-server',
      '-- docker run -i --rm unknown/image',
      undefined,
    ]);
  });
});

describe('the look-up', () => {
  it('has every server in one bucket, that of the hash of its id', async () => {
    const { digits } = JSON.parse(files.get('stack/index.json') ?? '');
    const ids = bucketNames(digits).flatMap((name) => {
      const { servers }: StackBucket = JSON.parse(files.get(`stack/${name}.json`) ?? '');
      return servers.map(({ id }) => id);
    });
    expect(ids.sort()).toEqual(outlines.map(({ id }) => id).sort());
  });

  it('is the same for the same catalogue', async () => {
    expect(await lookupFiles()).toEqual(files);
  });

  it.each([
    [1, 1],
    [127, 1],
    [128, 16],
    [2_047, 16],
    [2_048, 256],
    [100_000, 256],
  ])('of %d servers has %d buckets', (servers, buckets) => {
    const names = bucketNames(digitsFor(servers));
    expect(new Set(names).size).toBe(buckets);
    expect(names).toContain(bucketName('0f3a', digitsFor(servers)));
  });

  it('spreads a large catalogue over its buckets', async () => {
    const [first] = outlines;
    if (first === undefined) throw new Error('no outline');
    const many = Array.from({ length: 300 }, (_, n) => ({
      ...first,
      id: `npm:s${n}`,
      slug: `s${n}`,
      tools: [],
    }));
    const spread = await lookupFiles(many);
    const sizes = bucketNames(1).map(
      (name) => JSON.parse(spread.get(`stack/${name}.json`) ?? '').servers.length,
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBe(300);
    expect(Math.min(...sizes)).toBeGreaterThan(4);
  });
});

describe('a stack', () => {
  const sheets = sheetsOf([given('npm:a', READER), given('npm:b', FETCHER, SENDER), ...awkward]);
  const stack = sheets
    .filter(({ tools }) => tools.length > 0)
    .map((sheet) => ({ key: `key-${sheet.slug}`, sheet, brief: briefOf(outlineOf(sheet)) }));

  it('has the combinations that the verdicts themselves give', () => {
    const whole = findCombinations(
      stack.flatMap(({ key, sheet }) =>
        sheet.tools.map(({ definition, classification }) => ({
          server: key,
          tool: definition.name,
          classification,
        })),
      ),
    );
    const { combinations } = verdictOf(stack);
    const byId = (all: typeof whole) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(combinations)).toEqual(byId(whole));
    expect(combinations.map(({ id }) => id)).toContain('lethal-trifecta');
  });

  it('puts the riskiest tools first and counts all', () => {
    const { tools, risks } = verdictOf(stack);
    expect(tools[0]?.tool.risk).toBe('critical');
    expect(tools.at(-1)?.tool.risk).toBe('low');
    expect(Object.values(risks).reduce((sum, n) => sum + n)).toBe(tools.length);
  });

  it('has one file of Claude Code with a rule for every tool, and one policy.json each', () => {
    const [claude, gateway] = ['claude-code', 'gateway'].map((id) => {
      const target = targets.find((each) => each.id === id);
      return target === undefined ? [] : stackExports(stack, target);
    });
    expect(claude?.length).toBe(1);
    const { permissions } = JSON.parse(claude?.[0]?.text ?? '');
    const rules = [...permissions.allow, ...permissions.ask, ...permissions.deny];
    for (const { key, brief } of stack) {
      for (const { name } of brief.tools) expect(rules).toContain(`mcp__${key}__${name}`);
    }
    expect(gateway?.map(({ key }) => key)).toEqual(stack.map(({ key }) => key));
  });

  test.each(targets.filter(({ join }) => join !== undefined))(
    '$id loses together what it loses alone',
    (target) => {
      const [joint] = stackExports(stack, target);
      const alone = stack.flatMap((server) => stackExports([server], target).flatMap(({ losses }) => losses));
      const withoutKeys = joint?.losses.map((loss) => loss.replace(/^key-[^:]+: /, ''));
      expect(new Set(withoutKeys)).toEqual(new Set(alone));
    },
  );
});
