import type {
  AccuracyReport,
  ClassReport,
  Detection,
  LabelSetReport,
  Measure,
  Miss,
  Score,
  Share,
} from '../classifier/accuracy/contract.ts';
import { visible } from '../site/visible.ts';
import { count } from '../site/words.ts';
import type { Io } from './io.ts';
import { type Painter, painter, table, textColumns, wrap } from './terminal.ts';

const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  five: 'Five classes',
  category: 'Category',
  read: 'Read or not',
};
/** With more servers the table says less than it is long. */
const MAX_SERVERS_SHOWN = 20;
const MAX_QUOTE_CHARS = 120;
const MAX_NAME_CHARS = 80;
const NOTHING = '–';

/** What a person reads of an evaluation: each set of labels with its figures beside the floor's, and its misses. */
export function evalText(report: AccuracyReport, io: Pick<Io, 'stdout' | 'env'>): string {
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  const head = `Classifier ${report.classifierVersion}, signal set ${report.signalSetHash.slice(0, 12)}; annotations removed before judging.\n`;
  return [wrap(head.trim(), columns, ''), ...report.sets.map((set) => setText(set, paint, columns))].join(
    '\n',
  );
}

function setText(set: LabelSetReport, paint: Painter, columns: number): string {
  return [
    headText(set, paint, columns),
    ...set.classes.map((report) => classText(report, paint)),
    figuresText(set, paint),
    flagText(set, paint),
    signalText(set, paint),
    confidenceText(set, paint),
    serverText(set, paint),
    missText(set.misses, paint, columns),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headText({ file, format, labels }: LabelSetReport, paint: Painter, columns: number): string {
  const { read, matched, servers, ambiguous, withSchema, severalDefinitions } = labels;
  const parts = [
    `${matched} of ${count(read, 'label')} with a definition`,
    `${withSchema} of these with an input schema`,
    count(servers, 'server'),
    ...(ambiguous > 0 ? [`${ambiguous} ambiguous, counted apart`] : []),
    ...(severalDefinitions > 0 ? [`${severalDefinitions} with several definitions: the first counts`] : []),
  ];
  return `${paint.strong(visible(file))}  ${format} labels\n${wrap(`${parts.join('; ')}.`, columns, '')}`;
}

function classText(report: ClassReport, paint: Painter): string {
  const { measure, classes, matrix, perClass, classifier, floor, ambiguous } = report;
  const figures = table(
    [MEASURE_TITLES[measure], 'right', '95 %', 'tools', 'verb list'],
    [
      ...scoreRows(classifier, floor),
      ...(ambiguous.of > 0 ? [['ambiguous tools', ...shareCells(ambiguous), '']] : []),
    ],
  );
  const confusion = table(
    ['label \\ verdict', ...classes, 'recall', 'precision'],
    classes.map((name, row) => [
      name,
      ...(matrix[row] ?? []),
      percent(perClass[row]?.recall),
      percent(perClass[row]?.precision),
    ]),
  );
  return `${titled(figures, paint)}\n${titled(confusion, paint)}`;
}

function scoreRows(classifier: Score, floor: Score): string[][] {
  return [
    ['by tool', ...shareCells(classifier.accuracy), percent(floor.accuracy.value)],
    [
      'mean over servers',
      percent(classifier.serverMean.value),
      interval(classifier.serverMean),
      NOTHING,
      percent(floor.serverMean.value),
    ],
  ];
}

/** What is measured over all labels at once, whatever their classes. */
function figuresText(set: LabelSetReport, paint: Painter): string {
  const { changingCalledRead: under, withoutLargest: rest, annotationsAsSent: sent } = set;
  const rows = [
    ...(under.classifier.of > 0
      ? [['changes something, called Read', ...shareCells(under.classifier), percent(under.floor.value)]]
      : []),
    ...(rest
      ? [
          [
            `right without ${clipped(rest.project, 24)}`,
            ...shareCells(rest.classifier.accuracy),
            percent(rest.floor.accuracy.value),
          ],
          [
            '  its changing tools called Read',
            ...shareCells(rest.changingCalledRead.classifier),
            percent(rest.changingCalledRead.floor.value),
          ],
        ]
      : []),
    ...(sent ? [['right with annotations as sent', ...shareCells(sent), NOTHING]] : []),
  ];
  return rows.length === 0
    ? ''
    : titled(table(['Further', 'share', '95 %', 'tools', 'verb list'], rows), paint);
}

function flagText({ flags, labels }: LabelSetReport, paint: Painter): string {
  if (flags.length === 0) return '';
  const rows = flags.flatMap(({ flag, clear, all }) => [
    [flag, ...detectionCells(clear.classifier), percent(clear.floor.f1)],
    ...(labels.ambiguous > 0
      ? [['  ambiguous ones too', ...detectionCells(all.classifier), percent(all.floor.f1)]]
      : []),
  ]);
  return titled(table(['Flag', ...DETECTION_HEADER, 'verb list F1'], rows), paint);
}

function signalText({ labels, signals, signalsMicro }: LabelSetReport, paint: Painter): string {
  if (signals.length === 0) return '';
  const rows = signals.map(({ id, exists, clear }) => [
    `${clipped(id, 34)}${exists ? '' : ' (no such signal)'}`,
    ...detectionCells(clear),
  ]);
  const micro = [
    ['together', ...detectionCells(signalsMicro.clear)],
    ...(labels.ambiguous > 0 ? [['  ambiguous ones too', ...detectionCells(signalsMicro.all)]] : []),
  ];
  return titled(table(['Signal', ...DETECTION_HEADER], [...rows, ...micro]), paint);
}

function confidenceText({ confidence }: LabelSetReport, paint: Painter): string {
  if (confidence.length === 0) return '';
  const rows = confidence.map(({ level, ...share }) => [level, ...shareCells(share)]);
  return titled(table(['Confidence', 'right', '95 %', 'tools'], rows), paint);
}

function serverText({ servers }: LabelSetReport, paint: Painter): string {
  if (servers.length < 2 || servers.length > MAX_SERVERS_SHOWN) return '';
  const rows = servers.map(({ server, ...share }) => [clipped(server, 44), ...shareCells(share)]);
  return titled(table(['Server', 'right', '95 %', 'tools'], rows), paint);
}

function missText(misses: readonly Miss[], paint: Painter, columns: number): string {
  if (misses.length === 0) return 'No misses.\n';
  const lines = misses.map((miss) => {
    const remarks = [`${miss.confidence} confidence`, ...(miss.ambiguous ? ['ambiguous'] : [])].join(', ');
    const tool = paint.strong(clipped(miss.tool, MAX_NAME_CHARS));
    const head = `  ${tool} of ${clipped(miss.server, MAX_NAME_CHARS)}, ${remarks}\n`;
    return head + paint.faint(wrap(missWords(miss), columns, '    '));
  });
  return `${paint.strong(count(misses.length, 'miss', 'misses'))}\n${lines.join('')}`;
}

/** `category: label Read, verdict Write; /description "Creates …"`, all of it fit for a terminal. */
function missWords({ measure, expected, got, evidence }: Miss): string {
  const words =
    measure !== 'signal'
      ? `${measure}: label ${expected}, verdict ${got}`
      : evidence === null
        ? `signal not found: ${clipped(expected, MAX_NAME_CHARS)}`
        : `signal not in the label: ${got}`;
  if (evidence === null) return words;
  const { pointer, quote } = evidence;
  return `${words}; ${clipped(pointer, MAX_QUOTE_CHARS)} "${clipped(quote, MAX_QUOTE_CHARS)}"`;
}

const DETECTION_HEADER = ['precision', 'recall', 'F1', 'found', 'wrongly', 'missed'];

function detectionCells(detection: Detection): (string | number)[] {
  const { precision, recall, f1, truePositives, falsePositives, falseNegatives } = detection;
  const wrongly = precision === null && falsePositives === 0 ? NOTHING : falsePositives;
  return [percent(precision), percent(recall), percent(f1), truePositives, wrongly, falseNegatives];
}

function shareCells(share: Share): string[] {
  return [percent(share.value), interval(share), `${share.count}/${share.of}`];
}

function interval({ low, high }: { low: number | null; high: number | null }): string {
  if (low === null || high === null) return NOTHING;
  return `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)}`;
}

/** As wide as the widest, so that the points stand under each other. */
function percent(value: number | null | undefined): string {
  return (value === null || value === undefined ? NOTHING : `${(value * 100).toFixed(1)} %`).padStart(7);
}

function clipped(text: string, length: number): string {
  const shown = visible(text);
  return shown.length <= length ? shown : `${shown.slice(0, length - 1)}…`;
}

/** The first line of a table stands out. */
function titled(lines: string, paint: Painter): string {
  const end = lines.indexOf('\n');
  return paint.strong(lines.slice(0, end)) + lines.slice(end);
}
