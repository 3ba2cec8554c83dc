import type { Category } from '../../classifier/contract.ts';
import type { ExampleTool } from '../../classifier/signal.ts';

/** A tool on which one can be of two minds, and why it is judged as it is. The verdict comes from the classifier. */
export interface Borderline {
  tool: ExampleTool;
  why: string;
}

/** What the page of a category says of it. */
export interface CategoryText {
  definition: readonly string[];
  counts: readonly string[];
  /** What one might take for it. */
  doesNot: readonly string[];
  borderline: readonly Borderline[];
  /** A plain tool of this category, to show the rule by. */
  example: ExampleTool;
  reason: string;
}

export const CATEGORY_TEXTS: Record<Category, CategoryText> = {
  Read: {
    definition: [
      'A Read tool returns information, and after the call nothing is left that its caller or others would notice.',
      'What counts is an ordinary call. Caches, logs and an index that is built on the way are not noticed; a file that can be saved on request is a by-product.',
    ],
    counts: [
      'Getting, listing, searching and counting, on the web too.',
      'Checking, comparing, estimating and explaining what is there.',
      'Previews, dry runs and plans of something dangerous: they show it and do not do it.',
      'Waiting until something has happened.',
      'Reading secrets. It is still reading, and a signal makes the risk high.',
    ],
    doesNot: [
      'A query that the caller writes, unless the description promises that it can only read.',
      'Fetching that queues a job or stores its result as the purpose of the call.',
      'A tool whose verb nobody knows. An unknown tool is never taken for a reader.',
    ],
    borderline: [
      {
        tool: { name: 'browser_screenshot', description: 'Take a screenshot of the current page.' },
        why: 'It looks. That a picture may be kept somewhere changes nothing that others would notice.',
      },
      {
        tool: {
          name: 'validate_order',
          description: 'Check whether an order could be placed, without placing it.',
        },
        why: 'The word “order” is in it, the order is not made.',
      },
      {
        tool: {
          name: 'query_database',
          description: 'Run a read-only SQL query. Only SELECT statements are allowed.',
          inputSchema: { type: 'object', properties: { sql: { type: 'string' } } },
        },
        why: 'The text promises that only reads are possible. Whether that holds cannot be told from here, so the signal stays.',
      },
      {
        tool: {
          name: 'query_database',
          description: 'Run a SQL query.',
          inputSchema: { type: 'object', properties: { sql: { type: 'string' } } },
        },
        why: 'Without that promise, the caller’s text decides what happens.',
      },
      {
        tool: { name: 'get_secret', description: 'Return the value of a stored secret.' },
        why: 'It changes nothing, and still is not of low risk.',
      },
    ],
    example: { name: 'list_invoices', description: 'List the invoices of an account, newest first.' },
    reason: 'Allowed by name. The document denies all else, so allowing it allows nothing more.',
  },
  Write: {
    definition: [
      'A Write tool creates or changes data or settings, in a way that another call can change back, and runs nothing on the caller’s behalf.',
      'What removes data for good is Write with a mark of its own, destructive, and that mark decides the risk.',
    ],
    counts: [
      'Creating, updating, commenting, labelling, uploading, moving, renaming.',
      'Writing a file, also over another one.',
      'Archiving, switching on and off, subscribing: what can be turned back.',
      'Mail and chat messages. They cannot be taken back, and a signal says so.',
      'Making a record that stands for something, such as a session or a draft.',
    ],
    doesNot: [
      'Carts, drafts and quotes of payments are Write; the payment itself is financial and of critical risk.',
      'Deleting and revoking are destructive, whatever else they are.',
      'What sets off a process: a deployment, a restart, a run.',
    ],
    borderline: [
      {
        tool: { name: 'send_email', description: 'Send an email to a recipient.' },
        why: 'What is made is a message. Whoever looks at its effect calls it Execute, and the page names that reading.',
      },
      {
        tool: { name: 'send_sms', description: 'Send a text message to a phone number.' },
        why: 'It goes through a metered network to a phone, which is more of an effect than a record.',
      },
      {
        tool: { name: 'archive_project', description: 'Archive a project. It can be restored later.' },
        why: 'It takes the project out of sight and loses nothing.',
      },
      {
        tool: {
          name: 'write_file',
          description: 'Write content to a file, replacing what was there.',
          inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
        },
        why: 'Overwriting is writing. It is destructive only where the text itself warns of the loss.',
      },
      {
        tool: { name: 'merge_pull_request', description: 'Merge a pull request.' },
        why: 'A change of data that can be reverted, although much may be set off by it elsewhere.',
      },
      {
        tool: { name: 'add_to_cart', description: 'Add a product to the shopping cart.' },
        why: 'Nothing is bought yet.',
      },
    ],
    example: { name: 'create_issue', description: 'Create an issue in a project.' },
    reason: 'A cap bounds what a loop can do before anybody looks, and leaves the tool usable.',
  },
  Execute: {
    definition: [
      'An Execute tool starts, steers or sends something whose effects reach past the call and past the stored data, or runs what the caller writes.',
      'Where nothing tells what a tool does, it is Execute with low confidence: the stricter reading until somebody knows better.',
    ],
    counts: [
      'Commands, code and queries that the caller writes.',
      'Starting, stopping and steering: deployments, workflows, services, devices, browsers.',
      'Calls and text messages, requests to an address of the caller’s choice.',
      'Having a model do work, and starting other agents.',
      'Scanning ports, and pushing to a remote.',
    ],
    doesNot: [
      'Showing what would be run.',
      'A record that stands for a process and starts none.',
      'A word such as “run” with another sense: a search that is run is a search.',
    ],
    borderline: [
      {
        tool: { name: 'browser_click', description: 'Click an element on the page.' },
        why: 'What the click does is decided by the page, and may be anything.',
      },
      {
        tool: {
          name: 'calculate',
          description: 'Evaluate an arithmetic expression.',
          inputSchema: { type: 'object', properties: { expression: { type: 'string' } } },
        },
        why: 'It evaluates text of the caller’s. Where only arithmetic is possible it is a reader, and the page names that reading.',
      },
      {
        tool: {
          name: 'generate_image',
          description: 'Generate an image from a text prompt and return it.',
        },
        why: 'A model works for it, on somebody’s account.',
      },
      {
        tool: { name: 'plan_deploy', description: 'Show what a deployment would change, without deploying.' },
        why: 'It speaks of a deployment and makes none.',
      },
      {
        tool: { name: 'git_commit', description: 'Commit the staged changes.' },
        why: 'It stays on the machine and can be undone; pushing does not.',
      },
      {
        tool: { name: 'frobnicate_widget', description: 'Frobnicates a widget.' },
        why: 'Nobody knows the verb, so nothing says that it only reads.',
      },
    ],
    example: { name: 'run_workflow', description: 'Start a workflow with the given inputs.' },
    reason:
      'A tight cap. Which arguments are acceptable only the owner can say, and that is the part to add.',
  },
};
