import { z } from 'zod';
import { Category } from '../contract.ts';
import { FiveClass, type Judgement, type Measure } from './contract.ts';

/** What a label says is true of a tool. What it leaves open is missing, and is not measured. */
export interface Label {
  /** In its file, from 1. */
  line: number;
  server: string;
  tool: string;
  /** Who wrote the tool, as far as the label tells; servers of one project are alike. */
  project: string;
  /** Two careful raters might differ: counted apart. */
  ambiguous: boolean;
  five?: FiveClass;
  category?: Category;
  isRead?: boolean;
  destructive?: boolean;
  financial?: boolean;
  /** Ids, or for `signals` labels the printed entries, such as `Accepts URL/endpoint input (url)`. */
  signals?: readonly string[];
}

export interface LabelFormat {
  id: string;
  /** The fields by which it is known, for messages and the help. */
  fields: string;
  /** The class comparisons that it allows, the headline first. */
  measures: readonly Measure[];
  /** Signals of which a label that does not name them says that they are absent. */
  exhaustive: readonly string[];
  /** How `signals` names them. */
  signalNames: 'ids' | 'printed';
  /** The servers' own annotations are the label. */
  annotationsAreLabel: boolean;
  parse(json: unknown): z.ZodSafeParseResult<Omit<Label, 'line'>>;
}

const EIGHT_SIGNALS = [
  'admin',
  'bulk',
  'code-or-query-input',
  'credential-handling',
  'open-world',
  'path-input',
  'sends-external-message',
  'url-input',
];

const Verdict = z.object({
  category: Category,
  destructive: z.boolean(),
  financial: z.boolean(),
  signals: z.array(z.string()),
  ambiguous: z.boolean(),
});

const Corpus = z
  .object({ server: z.string(), name: z.string(), label: Verdict.extend({ reason: z.string().min(1) }) })
  .transform(({ server, name, label }) => ({
    server,
    tool: name,
    project: server,
    ...truthOf(label),
  }));

const Live = Verdict.extend({ package: z.string(), tool: z.string() }).transform(
  ({ package: server, tool, ...label }) => ({ server, tool, project: server, ...truthOf(label) }),
);

const AuthorHints = z
  .object({
    server: z.string(),
    name: z.string(),
    origin: z.string().optional(),
    readOnly: z.boolean(),
    destructiveHint: z.boolean().nullish(),
  })
  .transform(({ server, name, origin = server, readOnly, destructiveHint }) => ({
    server,
    tool: name,
    project: origin,
    ambiguous: false,
    isRead: readOnly,
    // A tool that only reads destroys nothing, whatever the second hint says (MCP, ToolAnnotations).
    ...(typeof destructiveHint === 'boolean' && { destructive: destructiveHint && !readOnly }),
  }));

const Reference = z
  .object({
    server: z.string(),
    name: z.string(),
    category: FiveClass,
    signals: z.array(z.string()).optional(),
  })
  .transform(({ server, name, category, signals = [] }) => ({
    server,
    tool: name,
    project: server,
    ambiguous: false,
    five: category,
    isRead: category === 'Read',
    // One class a tool: a Financial one may be destructive too.
    ...(category !== 'Financial' && { destructive: category === 'Destructive' }),
    financial: category === 'Financial',
    signals,
  }));

const Signals = z
  .object({
    server: z.string(),
    name: z.string(),
    signals: z.array(z.string()),
    category: z.undefined().optional(),
  })
  .transform(({ server, name, signals }) => ({
    server,
    tool: name,
    project: server,
    ambiguous: false,
    signals,
  }));

/** Every format that is known, each told from the others by its fields. */
export const LABEL_FORMATS: readonly LabelFormat[] = [
  {
    id: 'corpus',
    fields: 'server, name, label {category, destructive, financial, signals, ambiguous, reason}',
    measures: ['category', 'five', 'read'],
    exhaustive: EIGHT_SIGNALS,
    signalNames: 'ids',
    annotationsAreLabel: false,
    parse: (json) => Corpus.safeParse(json),
  },
  {
    id: 'live',
    fields: 'package, tool, category, destructive, financial, signals, ambiguous',
    measures: ['category', 'five', 'read'],
    exhaustive: EIGHT_SIGNALS,
    signalNames: 'ids',
    annotationsAreLabel: false,
    parse: (json) => Live.safeParse(json),
  },
  {
    id: 'author-hints',
    fields: 'server, name, readOnly, destructiveHint, origin',
    measures: ['read'],
    exhaustive: [],
    signalNames: 'ids',
    annotationsAreLabel: true,
    parse: (json) => AuthorHints.safeParse(json),
  },
  {
    id: 'reference',
    fields: 'server, name, category of five classes, signals',
    measures: ['five', 'read'],
    exhaustive: [],
    signalNames: 'printed',
    annotationsAreLabel: false,
    parse: (json) => Reference.safeParse(json),
  },
  {
    id: 'signals',
    fields: 'server, name, signals',
    measures: [],
    exhaustive: [],
    signalNames: 'printed',
    annotationsAreLabel: false,
    parse: (json) => Signals.safeParse(json),
  },
];

interface LabelFault {
  /** From 1. */
  line: number;
  message: string;
}

/** The labels of one file, and what could not be read of it. */
export interface LabelFile {
  /** Missing when no line is a label. */
  format: LabelFormat | undefined;
  labels: Label[];
  faults: LabelFault[];
}

/**
 * Reads a file of labels, one JSON object a line; the first label decides the format. A line that is none, is of another
 * format, or labels a tool a second time is a fault with its number, and the rest counts.
 */
export function readLabels(text: string): LabelFile {
  const file: LabelFile = { format: undefined, labels: [], faults: [] };
  const seen = new Map<string, number>();
  for (const [index, content] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const read = readLine(content, file.format);
    if (!read.ok) {
      file.faults.push({ line, message: read.message });
      continue;
    }
    file.format ??= read.format;
    const label = { line, ...read.label };
    const key = labelKey(label.server, label.tool);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const message = `labels ${label.tool} of ${label.server} again, as line ${earlier} did; the first label counts`;
      file.faults.push({ line, message });
      continue;
    }
    seen.set(key, line);
    file.labels.push(label);
  }
  return file;
}

/** By which labels and definitions find each other. */
export function labelKey(server: string, tool: string): string {
  return JSON.stringify([server, tool]);
}

type ReadLine =
  | { ok: true; format: LabelFormat; label: Omit<Label, 'line'> }
  | { ok: false; message: string };

function readLine(content: string, expected: LabelFormat | undefined): ReadLine {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    return { ok: false, message: `is not JSON: ${(error as Error).message}` };
  }
  for (const format of LABEL_FORMATS) {
    const parsed = format.parse(json);
    if (!parsed.success) continue;
    if (expected === undefined || format === expected) return { ok: true, format, label: parsed.data };
    return { ok: false, message: `is a label of the format ${format.id} in a file of ${expected.id} labels` };
  }
  if (expected === undefined) {
    const known = LABEL_FORMATS.map(({ id, fields }) => `${id} (${fields})`).join('; ');
    return { ok: false, message: `is not a label of a known format. Known are: ${known}` };
  }
  return { ok: false, message: `is not a label of the format ${expected.id}: ${issueOf(expected, json)}` };
}

function issueOf(format: LabelFormat, json: unknown): string {
  const issue = format.parse(json).error?.issues[0];
  return issue ? `${issue.path.join('.') || 'the line'}: ${issue.message}` : 'it has other fields';
}

/** Ids are written with hyphens here; some label files have underscores. */
function truthOf({ category, destructive, financial, signals, ambiguous }: z.infer<typeof Verdict>) {
  return {
    ambiguous,
    category,
    five: fiveClassOf({ category, destructive, financial }),
    isRead: category === 'Read',
    destructive,
    financial,
    signals: signals.map((id) => id.replaceAll('_', '-')),
  };
}

/** The one class of five: the gravest of what is true. */
export function fiveClassOf({ category, destructive, financial }: Judgement): FiveClass {
  if (financial) return 'Financial';
  return destructive ? 'Destructive' : category;
}
