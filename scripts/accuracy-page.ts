import type {
  AccuracyReport,
  ClassReport,
  ConfidenceReport,
  Detection,
  LabelSetReport,
  Measure,
  Miss,
} from '../classifier/accuracy/contract.ts';
import { figure, percent, type TableRow } from './accuracy-table.ts';
import { codeSpan, markdownTable } from './markdown.ts';

/** Everything that `docs/accuracy.md` and the table of the README are made from. */
export interface AccuracyPage {
  report: AccuracyReport;
  /** The project's own corpus. */
  corpus: AccuracyReport;
  rows: readonly TableRow[];
  /** Over all label files together, without the largest project of the authors' hints. */
  confidence: readonly ConfidenceReport[];
  /** By the name of a label file: the definitions that it was measured with. */
  definitions: Readonly<Record<string, string>>;
}

const MAX_NAME_CHARS = 80;
const MAX_QUOTE_CHARS = 120;
const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  five: 'Five classes',
  category: 'Category',
  read: 'Read or not',
};
const FORMAT_TITLES: Readonly<Record<string, string>> = {
  reference: 'Reference labels',
  live: 'Hand labels',
  'author-hints': "Authors' hints",
  signals: 'Printed signals',
};
const CONFIDENCE_GOALS = { high: '97 %', medium: '85 %', low: '60 %' } as const;

/** The line by which a test knows what the figures were made with. */
function provenance({ classifierVersion, signalSetHash }: AccuracyReport): string {
  return `classifier ${classifierVersion}, signal set ${signalSetHash}`;
}

/** `docs/accuracy.md`. */
export function accuracyPage(page: AccuracyPage): string {
  const { report, corpus, rows, confidence, definitions } = page;
  return `# Accuracy

<!-- Written by \`npm run accuracy\` with ${provenance(report)}. -->

How often the classifier is right on labelled tools, and every tool on which it is not. Measured with
${provenance(report)}.

## The figures it is held to

${mainTable(rows)}
"Verb list" is the floor: the first known verb of the tool's name decides, measured in the same run on the same labels
(\`classifier/accuracy/verb-list.ts\`); eight verbs were added to it after a look at what it missed on the reference
labels, so that it is no straw man. The last three columns were measured by others on other tools of the same kinds.
A tool that changes something but is called Read is the costliest error, so it stands apart.

### How sure it says it is

How often a verdict is right by its own confidence, over the clear labels of all three files together, without the
largest project of the authors' hints.

${confidenceTable(confidence)}
## The project's own corpus

Labels for every tool of the servers that are devDependencies, captured live, and definitions that were written to be
hard: noun-first names, action enums, routers, previews, negations, eight languages with English, empty and deceptive
descriptions. The tests hold both, and \`test/corpus/known-misses.json\` names each miss.

The written tools were labelled before the classifier was run on them. On that first run 195 of 241 clear ones had the
right category (80.9 %, 75.5 to 85.4). Seven \`admin\` labels, all of them misses, were taken back after it: the hand
labels do not give that signal to restarts and the like.

${markdownTable(
  ['labels', 'category', 'verb list', 'five classes', 'called Read though it changes', 'destructive F1'],
  corpus.sets.map((set) => corpusRow(set)),
)}
## How to read this

- Hand labels and reference labels were given by reading each definition; authors' hints are their own claims.
- The servers' annotations are taken out of every definition before it is judged. Where they are the label it would be
  copying the answer; elsewhere the figure should say what the text alone gives, and a line says what comes out with
  the annotations left in.
- Labels marked ambiguous, on which two careful raters might differ, are counted apart.
- Intervals are 95 %: the Wilson score interval for a share of tools, which takes tools as independent; a bootstrap over
  the servers (4,000 resamples, fixed seed) for a mean over servers, which has no width when every server is right.
- Five classes: Financial before Destructive before the category.
- A label for a signal that the classifier does not have is a miss.
- These labels were at hand while the rules were written, so expect a little less on tools of other servers.

## Reproduce and extend

The labels of the figures above are not part of the project. With a folder that has them:

\`\`\`sh
npm run accuracy -- <folder>
\`\`\`

writes this page and the table of the README. One label file by itself, as text or with \`--json\`
([schema](schemas/eval.schema.json)):

\`\`\`sh
npm run catalogue -- eval --labels test/corpus/written.jsonl --definitions test/corpus/written.jsonl
\`\`\`

Speed is measured by \`npm run bench:classify\`.

To add a label, write a line into \`test/corpus/written.jsonl\`: a definition, and beside its fields a \`label\` with
\`category\`, \`destructive\`, \`financial\`, \`signals\`, \`ambiguous\` and a \`reason\`. Label by meaning, before you look at
what the classifier says. All eight signals of the live labels are judged: one that is not named counts as absent. If
the classifier is wrong, the test names the line for \`test/corpus/known-misses.json\`; a miss on that list that is right
again has to be taken off it. \`npm run accuracy -- --accept-misses\` writes the list as it is now.

${report.sets.map((set) => setSection(set, definitions[set.file] ?? '')).join('\n')}`;
}

/** The README's table: shorter, and with what it was measured with. */
export function readmeTable({ report, rows }: Pick<AccuracyPage, 'report' | 'rows'>): string {
  const table = markdownTable(
    ['measure', 'ours (95 % interval)', 'verb list', 'goal'],
    rows.map(({ measure, ours, floor, reach }) => [measure, ours, floor, reach]),
  );
  return `\n${table}\nMeasured with ${provenance(report).replace(/([0-9a-f]{12})[0-9a-f]+/, '$1')}; [all figures, and every miss](docs/accuracy.md).\n\n`;
}

function mainTable(rows: readonly TableRow[]): string {
  return markdownTable(
    [
      'measure',
      'labels',
      'ours (95 % interval)',
      'verb list',
      'to reach',
      'verb list elsewhere',
      'best existing tool',
      'small linear model',
    ],
    rows.map(({ measure, labels, ours, floor, reach, elsewhere }) => [
      measure,
      codeSpan(labels, MAX_NAME_CHARS),
      `**${ours}**`,
      floor,
      reach,
      elsewhere.verbList,
      elsewhere.bestTool,
      elsewhere.linearModel,
    ]),
  );
}

function confidenceTable(confidence: readonly ConfidenceReport[]): string {
  return markdownTable(
    ['confidence', 'tools', 'right (95 % interval)', 'to reach'],
    confidence.map((each) => [
      each.level,
      String(each.of),
      percent(each),
      `at least ${CONFIDENCE_GOALS[each.level]}`,
    ]),
  );
}

function corpusRow(set: LabelSetReport): string[] {
  const of = (measure: Measure) => set.classes.find((each) => each.measure === measure);
  const { classifier } = set.changingCalledRead;
  const destructive = set.flags.find(({ flag }) => flag === 'destructive');
  const category = of('category');
  const five = of('five');
  return [
    codeSpan(set.file, MAX_NAME_CHARS),
    category ? percent(category.classifier.accuracy) : '-',
    category ? percent(category.floor.accuracy, false) : '-',
    five ? percent(five.classifier.accuracy) : '-',
    `${percent(classifier)}, ${classifier.count} of ${classifier.of}`,
    figure(destructive?.clear.classifier.f1 ?? null),
  ];
}

function setSection(set: LabelSetReport, definitions: string): string {
  const { file, format, labels, annotationsAsSent: sent, withoutLargest: rest } = set;
  const { read, matched, servers, ambiguous, withSchema, severalDefinitions } = labels;
  const remarks = [
    `${matched} of ${read} labels have a definition (${withSchema} with an input schema), from ${servers} servers; ${ambiguous} are ambiguous.`,
    ...(severalDefinitions > 0
      ? [
          `For ${severalDefinitions} there are several definitions with different text, of which the first counts.`,
        ]
      : []),
    ...(sent ? [`With the annotations left in: ${percent(sent)} right.`] : []),
    ...(rest
      ? [
          `Without the largest project, ${codeSpan(rest.project, MAX_NAME_CHARS)}: ${percent(rest.classifier.accuracy)} right (verb list ${percent(rest.floor.accuracy, false)}).`,
        ]
      : []),
  ];
  return [
    `## ${FORMAT_TITLES[format] ?? format}: \`${file}\`\n`,
    `\`\`\`sh\ncatalogue eval --labels ${file} --definitions ${definitions}\n\`\`\`\n`,
    `${remarks.join(' ')}\n`,
    ...set.classes.map(classSection),
    ...(set.flags.some(({ all }) => all.classifier.f1 !== null) ? [flagSection(set)] : []),
    ...(set.signals.length > 0 ? [signalSection(set)] : []),
    ...(set.confidence.length > 0
      ? [
          markdownTable(
            ['confidence', 'tools', 'right (95 % interval)'],
            set.confidence.map((each) => [each.level, String(each.of), percent(each)]),
          ),
        ]
      : []),
    missSection(set.misses),
  ].join('\n');
}

function classSection({
  measure,
  classes,
  matrix,
  perClass,
  classifier,
  floor,
  ambiguous,
}: ClassReport): string {
  const lines = [
    `**${MEASURE_TITLES[measure]}**: ${percent(classifier.accuracy)} by tool (verb list ${percent(floor.accuracy, false)}), ` +
      `${percent(classifier.serverMean)} as the mean over servers (verb list ${percent(floor.serverMean, false)})` +
      `${ambiguous.of > 0 ? `; ${percent(ambiguous)} of the ambiguous ones` : ''}.\n`,
    markdownTable(
      ['label \\ verdict', ...classes, 'recall', 'precision'],
      classes.map((name, row) => [
        name,
        ...(matrix[row] ?? []).map(String),
        figure(perClass[row]?.recall ?? null),
        figure(perClass[row]?.precision ?? null),
      ]),
    ),
  ];
  return lines.join('\n');
}

function flagSection({ flags }: LabelSetReport): string {
  return markdownTable(
    ['flag', ...DETECTION_HEADER, 'F1 of the verb list', 'F1, ambiguous ones too'],
    flags.map(({ flag, clear, all }) => [
      flag,
      ...detectionCells(clear.classifier),
      figure(clear.floor.f1),
      figure(all.classifier.f1),
    ]),
  );
}

function signalSection({ signals, signalsMicro }: LabelSetReport): string {
  const rows = signals.map(({ id, exists, clear }) => [
    `${codeSpan(id, MAX_NAME_CHARS)}${exists ? '' : ' (no such signal)'}`,
    ...detectionCells(clear),
  ]);
  return markdownTable(
    ['signal', ...DETECTION_HEADER],
    [
      ...rows,
      ['together', ...detectionCells(signalsMicro.clear)],
      ['together, ambiguous ones too', ...detectionCells(signalsMicro.all)],
    ],
  );
}

const DETECTION_HEADER = ['precision', 'recall', 'F1', 'found', 'found wrongly', 'missed'];

function detectionCells(detection: Detection): string[] {
  const { precision, recall, f1, truePositives, falsePositives, falseNegatives } = detection;
  return [
    figure(precision),
    figure(recall),
    figure(f1),
    ...[truePositives, falsePositives, falseNegatives].map(String),
  ];
}

function missSection(misses: readonly Miss[]): string {
  if (misses.length === 0) return 'No misses.\n';
  const part = (title: string, among: readonly Miss[]) =>
    among.length === 0 ? '' : `${title}:\n\n${among.map(missLine).join('')}\n`;
  const text =
    part(
      `Misses (${misses.filter(({ ambiguous }) => !ambiguous).length})`,
      misses.filter(({ ambiguous }) => !ambiguous),
    ) +
    part(
      'Misses on ambiguous tools',
      misses.filter(({ ambiguous }) => ambiguous),
    );
  return text.replace(/\n\n$/, '\n');
}

function missLine({ server, tool, measure, expected, got, confidence, evidence }: Miss): string {
  const words =
    measure !== 'signal'
      ? `${measure}: label ${expected}, verdict ${got}`
      : evidence === null
        ? `signal ${codeSpan(expected, MAX_NAME_CHARS)} not found`
        : `signal ${codeSpan(got, MAX_NAME_CHARS)} not in the label`;
  const ground =
    evidence === null
      ? ''
      : `; ${codeSpan(evidence.pointer, MAX_NAME_CHARS)} says ${codeSpan(evidence.quote, MAX_QUOTE_CHARS)}`;
  return `- ${codeSpan(tool, MAX_NAME_CHARS)} of ${codeSpan(server, MAX_NAME_CHARS)}, ${confidence}: ${words}${ground}\n`;
}
