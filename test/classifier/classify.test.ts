import { describe, expect, test } from 'vitest';
import { CLASSIFIER_VERSION, classifyTool, classifyTools } from '../../classifier/classify.ts';
import { Classification } from '../../classifier/contract.ts';
import { classify, define, ids, said, takes } from './tools.ts';

type Kind = 'Read' | 'Write' | 'Execute' | 'Destructive' | 'Financial';

const TOOLS: [name: string, description: string | undefined, kind: Kind][] = [
  // The description comes first.
  ['get_issue', 'Get an issue by its number', 'Read'],
  ['notes', 'Creates a note in the notebook', 'Write'],
  ['data', 'Deletes a record for good', 'Destructive'],
  ['deploy_status', 'Shows how far a deployment has come', 'Read'],
  ['run', 'Lists the runs of a pipeline', 'Read'],
  ['helper', 'Use this tool to restart a service', 'Execute'],
  ['helper', 'This tool allows you to upload a picture', 'Write'],
  ['helper', 'A tool for removing old packages', 'Destructive'],
  ['helper', '[ADMIN] STEP 2: Fetch the settings', 'Read'],
  ['folder', 'Create, rename or delete a folder', 'Destructive'],
  ['alerts', 'List and manage alerts', 'Write'],
  ['vm_create', 'Create, deploy, or provision a virtual machine', 'Write'],
  ['scanner', 'Advanced port scan of a network', 'Execute'],
  ['search_web', 'Perform a web search', 'Read'],
  ['mouse', 'Perform a click on the page', 'Execute'],
  // What comes back is not what is done.
  ['edit_text', 'Make line-based edits to a text. Returns the difference.', 'Write'],
  ['patch_volume', 'Frobs a volume. Returns the new volume.', 'Write'],
  ['volume_info', 'Frobs a volume. Returns its size.', 'Read'],
  // Names, where the description is missing.
  ['compute_disk_delete', undefined, 'Destructive'],
  ['commit_list', undefined, 'Read'],
  ['orderCancel', undefined, 'Destructive'],
  ['list-orders', undefined, 'Read'],
  ['mail.messages.send', undefined, 'Write'],
  ['getHTTPStatus', undefined, 'Read'],
  ['git_create_branch', undefined, 'Write'],
  ['deploy_logs_get', undefined, 'Read'],
  ['list_append', undefined, 'Write'],
  ['add_or_remove_label', undefined, 'Destructive'],
  ['node_capacity', undefined, 'Read'],
  ['session_start', 'session_start', 'Execute'],
  // A verb that nobody knows is never a Read.
  ['frobnicate', 'Frobnicates the widget', 'Execute'],
  ['zap', undefined, 'Execute'],
  ['', undefined, 'Execute'],
  // What is done to what.
  ['test_connection', 'Test the connection to the server', 'Read'],
  ['run_tests', 'Run the tests of a project', 'Execute'],
  ['make_call', 'Make a phone call to a customer', 'Execute'],
  ['mail', 'Send an e-mail to a customer', 'Write'],
  ['create_payment', 'Create a payment for an order', 'Financial'],
  ['create_payment_method', 'Create a payment method', 'Write'],
  ['transfer_token', 'Transfer tokens to another wallet', 'Financial'],
  ['transfer_repository', 'Transfer a repository to a new owner', 'Write'],
  ['swap', 'Swap tokens on an exchange', 'Financial'],
  ['take_screenshot', 'Take a screenshot of the page and save it to disk', 'Read'],
  ['kill_process', 'Kill a process by its id', 'Destructive'],
  ['generate_image', 'Generate an image from a text', 'Execute'],
  ['generate_uuid', 'Generate a random UUID', 'Read'],
  ['browser_close', 'Close the page', 'Execute'],
  ['browser_cookie_delete', 'Delete a cookie', 'Destructive'],
  // Negations, previews and promises.
  ['checker', 'Checks a file. It does not modify it.', 'Read'],
  ['previewDelete', 'Preview what would be deleted', 'Read'],
  ['plan_migration', 'Shows what a migration would change, without running it', 'Read'],
  ['sql', 'Run a read-only SQL query', 'Read'],
  ['sql', 'Run a SQL query', 'Execute'],
  // Other languages.
  ['a1', '获取用户信息', 'Read'],
  ['a2', '删除指定的文件', 'Destructive'],
  ['a3', '执行SQL查询', 'Execute'],
  ['a4', 'ファイルを削除します', 'Destructive'],
  ['a5', 'ユーザー情報を取得する', 'Read'],
  ['a6', '파일을 삭제합니다', 'Destructive'],
  ['a7', '사용자 정보를 조회합니다', 'Read'],
  ['a8', 'Elimina un registro', 'Destructive'],
  ['a9', 'Obtiene la lista de clientes', 'Read'],
  ['b1', 'Cria uma tarefa', 'Write'],
  ['b2', 'Supprime un fichier', 'Destructive'],
  ['b3', 'Erstellt einen Eintrag', 'Write'],
];

test.each(TOOLS)('%s: %s → %s', (name, description, kind) => {
  const { category, destructive, financial } = said(name, description);
  expect(financial ? 'Financial' : destructive ? 'Destructive' : category).toBe(kind);
});

const session =
  'Create several isolated browser sessions at once — faster than one by one. Optionally open each at a URL.';

describe('tools like those that the project began with', () => {
  test('a bulk start that mints codes runs something, for administrators', () => {
    const tool = said(
      'kiosk_start_visits_bulk',
      'Mint visits for multiple guests. Returns entry codes. Admin-only.',
    );
    expect(tool).toMatchObject({ category: 'Execute', risk: 'high', destructive: false, financial: false });
    expect(ids(tool)).toEqual(expect.arrayContaining(['admin', 'bulk', 'minting']));
  });

  test('the same for one', () => {
    const tool = said(
      'maker_start_session',
      'Mint a new kiosk session for a learner and return a redemption code. Admin-only.',
    );
    expect(tool).toMatchObject({ category: 'Execute', risk: 'high' });
    expect(ids(tool)).toContain('admin');
    expect(ids(tool)).not.toContain('bulk');
  });

  test('a record is created, and a URL that is returned is not one that is taken', () => {
    const tool = said(
      'create_session',
      'Create a new interactive session for any calculator and return the session URL',
    );
    expect(tool).toMatchObject({ category: 'Write', risk: 'medium' });
    expect(ids(tool)).toEqual([]);
  });

  test('a nested address is found where it is, and nothing is lost without the schema', () => {
    const items = { type: 'object', properties: { url: { type: 'string' } } };
    const inputSchema = { type: 'object', properties: { sessions: { type: 'array', items } } };
    const tool = classify({ name: 'session_create_batch', description: session, inputSchema });
    expect(tool).toMatchObject({ category: 'Write', risk: 'medium' });
    expect(ids(tool)).toEqual(['bulk', 'url-input']);
    const bare = said('session_create_batch', session);
    expect(bare).toMatchObject({ category: 'Write', risk: 'medium' });
    expect(ids(bare)).toContain('bulk');
  });

  test('a description that repeats the name leaves the verdict uncertain', () => {
    const tool = said('session_start', 'session_start');
    expect(tool).toMatchObject({ category: 'Execute', risk: 'high', confidence: 'low' });
    expect(ids(tool)).toEqual(['thin-definition']);
  });
});

describe('the schema', () => {
  test('the gravest choice of an action decides', () => {
    const action = { type: 'string', enum: ['get', 'update', 'delete'] };
    const tool = classify({
      name: 'records',
      description: 'Work with records',
      inputSchema: { properties: { action } },
    });
    expect(tool).toMatchObject({ category: 'Write', destructive: true, risk: 'critical' });
    expect(tool.findings.find((finding) => finding.signal === 'destructive-effect')).toMatchObject({
      evidence: [{ pointer: '/inputSchema/properties/action/enum/2', quote: 'delete', parameter: 'action' }],
    });
  });

  test('a filter on actions does not make a list dangerous', () => {
    const action = { type: 'string', enum: ['create', 'delete'] };
    const tool = classify({
      name: 'list_events',
      description: 'List audit events',
      inputSchema: { properties: { action } },
    });
    expect(tool).toMatchObject({ category: 'Read', risk: 'low' });
  });

  test('a tool that says nothing but takes SQL runs it', () => {
    expect(classify({ name: 'warehouse', inputSchema: takes('sql') })).toMatchObject({ category: 'Execute' });
  });

  test('checking code is not running it', () => {
    const tool = classify({
      name: 'lint_code',
      description: 'Check code for mistakes',
      inputSchema: takes('code'),
    });
    expect(tool).toMatchObject({ category: 'Read', risk: 'low' });
    expect(ids(tool)).toEqual(['code-or-query-input']);
  });
});

describe('annotations', () => {
  const remove = { name: 'delete_file', description: 'Delete a file' };

  test.each([
    ['a removal called read-only understates', remove, { readOnlyHint: true }, 'readOnlyHint', 'understates'],
    [
      'a removal called harmless understates',
      remove,
      { destructiveHint: false },
      'destructiveHint',
      'understates',
    ],
    ['a removal called one agrees', remove, { destructiveHint: true }, 'destructiveHint', 'agrees'],
    [
      'a read called a change overstates',
      { name: 'get_x', description: 'Get a file' },
      { readOnlyHint: false },
      'readOnlyHint',
      'overstates',
    ],
    ['an unset hint stays unset', remove, {}, 'readOnlyHint', 'unset'],
    ['no ground, no verdict', { name: 'zap' }, { readOnlyHint: true }, 'readOnlyHint', 'not-judged'],
    ['a removal that may be repeated agrees', remove, { idempotentHint: true }, 'idempotentHint', 'agrees'],
    [
      'the defaults that a library sends are called that',
      remove,
      { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
      'destructiveHint',
      'library-default',
    ],
  ])('%s', (_, tool, annotations, hint, verdict) => {
    const check = classify({ ...tool, annotations }).hints.find((one) => one.hint === hint);
    expect(check?.verdict).toBe(verdict);
  });

  test('a claim of harmlessness lowers nothing', () => {
    const annotations = { readOnlyHint: true, destructiveHint: false };
    expect(classify({ ...remove, annotations })).toMatchObject({ destructive: true, risk: 'critical' });
    expect(classify({ name: 'zap', annotations })).toMatchObject({ category: 'Execute', risk: 'high' });
  });

  test('a claim of harm counts where the text is silent', () => {
    expect(classify({ name: 'status' })).toMatchObject({ category: 'Read' });
    expect(classify({ name: 'status', annotations: { readOnlyHint: false } })).toMatchObject({
      category: 'Write',
    });
    expect(classify({ name: 'zap', annotations: { destructiveHint: true } })).toMatchObject({
      destructive: true,
    });
  });
});

describe('what a verdict says of itself', () => {
  test('it names its classifier, its signals and the tool', () => {
    const tool = said('get_x', 'Get x');
    expect(Classification.parse(tool)).toEqual(tool);
    expect(tool).toMatchObject({ classifierVersion: CLASSIFIER_VERSION, reviewer: 'rules' });
    expect(tool.toolHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(TOOLS)('%s: %s has a reason in whole sentences', (name, description) => {
    const { rationale } = said(name, description);
    expect(rationale).toMatch(/^[A-Z\p{L}"].*[.…]$/u);
    expect(rationale.length).toBeLessThan(320);
    expect(rationale).not.toMatch(/\bsafe\b|undefined|\bnull\b/i);
  });

  test('the words of the server stand in quotes and on one line', () => {
    const { rationale } = said('get_x', 'Get the\n<script>alert(1)</script> "page" \u202e of a book');
    expect(rationale).not.toMatch(/[<>\n\u202e]/);
    expect(rationale.split('"').length % 2).toBe(1);
  });
});

test('tools that are judged together get the verdicts that each gets alone', () => {
  const tools = TOOLS.map(([name, description]) => define({ name, description }));
  expect(tools.length).toBeGreaterThan(64);
  expect(classifyTools(tools)).toEqual(tools.map(classifyTool));
  expect(classifyTools([])).toEqual([]);
});
