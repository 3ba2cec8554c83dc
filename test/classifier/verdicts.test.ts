import { describe, expect, test } from 'vitest';
import type { Category } from '../../classifier/contract.ts';
import { classify, said } from './tools.ts';

describe('what the rest of the sentence makes of a verb', () => {
  test.each<[name: string, description: string, category: Category]>([
    ['speak', 'Convert text to speech with a neural voice', 'Execute'],
    ['list_voices', 'List voices for text to speech', 'Read'],
    ['listen', 'Convert speech to text', 'Read'],
    ['to_pdf', 'Convert a report to PDF', 'Write'],
    ['to_markdown', 'Convert a PDF to Markdown', 'Read'],
    ['units', 'Convert between different units', 'Read'],
    ['crawl', 'Crawl a website into the knowledge base', 'Write'],
    ['crawl', 'Crawl a website and return its pages', 'Read'],
    ['look_into', 'Investigate an incident using an on-call agent', 'Execute'],
    ['get_agent', 'Get an agent with its prompts', 'Read'],
    ['fetch_page', 'Fetch a page using a custom user agent', 'Read'],
    ['find_slow', 'Searches traces, waits for the analysis to complete, and returns it', 'Execute'],
    ['wait_for_job', 'Waits for a job to complete', 'Read'],
    ['query_series', 'Query an InfluxDB datasource', 'Execute'],
    ['query_metrics', 'Query metrics of a host', 'Read'],
    ['unblock', 'Unblock a job of a build', 'Execute'],
    ['unblock', 'Unblock a user', 'Write'],
  ])('%s: %s → %s', (name, description, category) => {
    expect(said(name, description).category).toBe(category);
  });
});

describe('where a sentence says what is done', () => {
  test.each<[name: string, description: string, category: Category]>([
    // An adverb joins nothing by itself.
    ['find_twins', 'Find likely duplicate records', 'Read'],
    ['tidy', 'Find and permanently delete old records', 'Write'],
    // What a user asks for is not what the tool does.
    ['summary', 'Use this tool when a user requests a summary. Returns the summary.', 'Read'],
    ['helper', 'Use this when you need to rename a file', 'Write'],
    // A comma ends the object of a verb.
    ['make_image', 'Generate an image, return its base64 data', 'Execute'],
    // The name tells which of the verbs that follow are meant.
    ['import_tasks', 'Parses a plan and imports tasks to the backlog', 'Write'],
    ['list_imports', 'Parses a log and lists imports', 'Read'],
    ['initiate_flow', 'Initiate the sign-in flow to get a token', 'Execute'],
    // A page's furniture is no description.
    ['list_mails', 'Deploy Server Mail @x/mail-mcp Try in Playground list_mails', 'Read'],
    ['deploy_server', 'Deploy Server images to a region', 'Execute'],
  ])('%s: %s → %s', (name, description, category) => {
    expect(said(name, description).category).toBe(category);
  });
});

describe('destructive and financial', () => {
  test('a payment that cannot be taken back destroys nothing', () => {
    expect(said('send_funds', 'Send ETH to an address. This is irreversible.')).toMatchObject({
      financial: true,
      destructive: false,
    });
  });

  test('what is blocked is not done', () => {
    expect(said('read_data', 'Executes a read-only SQL query. Blocks destructive operations.')).toMatchObject(
      {
        category: 'Read',
        destructive: false,
      },
    );
  });

  test('several invoices are as financial as one', () => {
    expect(said('bill', 'Issue new invoices')).toMatchObject({ financial: true });
    expect(said('bill', 'List new invoices')).toMatchObject({ financial: false, category: 'Read' });
  });
});

describe('a second reading', () => {
  test.each<[name: string, description: string, category: Category, other: Category | undefined]>([
    ['create_report', 'Returns a report of the month', 'Read', 'Write'],
    ['get_report', 'Returns a report of the month', 'Read', undefined],
    ['merge_pull_request', 'Merge a pull request', 'Write', 'Execute'],
    ['merge_cells', 'Merge cells of a table', 'Write', undefined],
    ['get_song', 'Download a song to a file', 'Read', 'Write'],
    ['get_song', 'Download a song', 'Read', undefined],
    ['draw', 'Generate an image from a prompt', 'Execute', 'Write'],
    ['restart', 'Restart a service', 'Execute', undefined],
    ['sql', 'Run a read-only SQL query', 'Read', 'Execute'],
    ['sql', 'Run a SQL SELECT query', 'Execute', 'Read'],
    ['sql', 'Run a SQL statement', 'Execute', undefined],
  ])('%s: %s → %s or %s', (name, description, category, other) => {
    const tool = said(name, description);
    expect(tool.category).toBe(category);
    expect(tool.alternative).toBe(other);
  });

  test('is never named with high confidence, and its reason is said', () => {
    const tool = said('create_report', 'Returns a report of the month');
    expect(tool.confidence).not.toBe('high');
    expect(tool.rationale).toContain('Write');
  });
});

describe('confidence', () => {
  test.each([
    ['list_orders', undefined, 'medium'],
    ['delete_order', undefined, 'medium'],
    ['session_start', undefined, 'low'],
    ['provide_answer', undefined, 'low'],
    ['zap', 'Zaps the thing', 'low'],
    ['list_orders', 'List the orders of a customer', 'high'],
    ['orders', 'List the orders of a customer', 'medium'],
  ] as const)('%s (%s): %s', (name, description, confidence) => {
    expect(said(name, description).confidence).toBe(confidence);
  });
});

test('a dry-run flag alone does not make a removal a Read', () => {
  const inputSchema = { properties: { dry_run: { type: 'boolean' } } };
  expect(classify({ name: 'purge', description: 'Delete old rows', inputSchema })).toMatchObject({
    category: 'Write',
    destructive: true,
  });
});

test.each([
  ['plan_cleanup', 'Show what a cleanup would delete', 'Read'],
  ['stage_notes', 'Add notes to the draft without publishing them', 'Write'],
  ['apply_patch_check', 'Check whether a patch applies, without applying it', 'Read'],
] as const)('%s: %s → %s', (name, description, category) => {
  expect(said(name, description)).toMatchObject({ category, destructive: false });
});
