import type { AccuracyReport, Detection, Estimate, LabelSetReport } from '../classifier/accuracy/contract.ts';

/** One line of the table of figures that the classifier is held to. */
export interface TableRow {
  measure: string;
  /** The label file that it is measured on. */
  labels: string;
  ours: string;
  /** The verb list in the same run. */
  floor: string;
  reach: string;
  /** On other tools of the same kinds, by others: not measured here. */
  elsewhere: { verbList: string; bestTool: string; linearModel: string };
}

/** The label files by what they are for. */
export interface TableSets {
  reference: LabelSetReport;
  live: LabelSetReport;
  authors: LabelSetReport;
}

const NOTHING = '-';

/** The sets of a report by their format. Throws when one is missing. */
export function tableSets(report: AccuracyReport): TableSets {
  const find = (format: string) => {
    const set = report.sets.find((each) => each.format === format);
    if (!set) throw new Error(`The report has no ${format} labels.`);
    return set;
  };
  return { reference: find('reference'), live: find('live'), authors: find('author-hints') };
}

/** The whole table, in a fixed order. Throws when a set lacks what its row is about. */
export function tableRows({ reference, live, authors }: TableSets): TableRow[] {
  const five = classes(reference, 'five');
  const category = classes(live, 'category');
  const { withoutLargest: rest } = authors;
  const destructive = live.flags.find(({ flag }) => flag === 'destructive');
  if (!rest || !destructive) throw new Error('The label files lack what the table is about.');
  const changing = { verbList: '3 to 20 %', bestTool: '35 to 60 %', linearModel: '1 to 2 %' };
  return [
    {
      measure: 'five classes, reference labels',
      labels: reference.file,
      ours: percent(five.classifier.accuracy),
      floor: percent(five.floor.accuracy, false),
      reach: '90 %',
      elsewhere: { verbList: '81 %', bestTool: '61 %', linearModel: '85 %' },
    },
    {
      measure: 'category, clear hand labels, mean over packages',
      labels: live.file,
      ours: percent(category.classifier.serverMean),
      floor: percent(category.floor.serverMean, false),
      reach: '97 %',
      elsewhere: { verbList: '87 %', bestTool: '84 %', linearModel: '93 %' },
    },
    {
      measure: "Read or not, authors' hints without the largest project",
      labels: authors.file,
      ours: percent(rest.classifier.accuracy),
      floor: percent(rest.floor.accuracy, false),
      reach: '95 %',
      elsewhere: { verbList: '88 %', bestTool: '90 %', linearModel: '92 %' },
    },
    ...[
      { words: 'clear hand labels', file: live.file, shares: live.changingCalledRead },
      { words: 'reference labels', file: reference.file, shares: reference.changingCalledRead },
      {
        words: "authors' hints without the largest project",
        file: authors.file,
        shares: rest.changingCalledRead,
      },
    ].map(({ words, file, shares }) => ({
      measure: `changes something but called Read, ${words}`,
      labels: file,
      ours: `${percent(shares.classifier)}, ${shares.classifier.count} of ${shares.classifier.of}`,
      floor: percent(shares.floor, false),
      reach: 'at most 1 %',
      elsewhere: changing,
    })),
    ...(['all', 'clear'] as const).map((scope) => ({
      measure: `destructive flag, ${scope} hand labels, F1`,
      labels: live.file,
      ours: figure(destructive[scope].classifier.f1),
      floor: figure(destructive[scope].floor.f1),
      reach: '0.90',
      elsewhere: { verbList: '0.65', bestTool: '0.68', linearModel: NOTHING },
    })),
    ...(['precision', 'recall'] as const).map((part) => ({
      measure: `eight signals together, clear hand labels, ${part}`,
      labels: live.file,
      ours: counted(live.signalsMicro.clear, part),
      floor: NOTHING,
      reach: '0.90',
      elsewhere: { verbList: NOTHING, bestTool: NOTHING, linearModel: NOTHING },
    })),
  ];
}

function classes(set: LabelSetReport, measure: string) {
  const found = set.classes.find((each) => each.measure === measure);
  if (!found) throw new Error(`${set.file} has no labels for ${measure}.`);
  return found;
}

function counted(micro: Detection, part: 'precision' | 'recall'): string {
  const { truePositives, falsePositives, falseNegatives } = micro;
  const of = truePositives + (part === 'precision' ? falsePositives : falseNegatives);
  return `${figure(micro[part])}, ${truePositives} of ${of}`;
}

/** `92.1 % (86.4 to 95.5)`. */
export function percent({ value, low, high }: Estimate, withInterval = true): string {
  if (value === null) return NOTHING;
  const text = `${(value * 100).toFixed(1)} %`;
  if (!withInterval || low === null || high === null) return text;
  return `${text} (${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)})`;
}

/** `0.92`, or a dash where there is no figure. */
export function figure(value: number | null): string {
  return value === null ? NOTHING : value.toFixed(2);
}
