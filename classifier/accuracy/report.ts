import { CLASSIFIER_VERSION, signalSetHash } from '../classify.ts';
import { Confidence } from '../contract.ts';
import type {
  AccuracyReport,
  ClassReport,
  ConfidenceReport,
  FlagReport,
  Judgement,
  LabelSetReport,
  Measure,
  Share,
} from './contract.ts';
import { shareOf } from './intervals.ts';
import type { Judged } from './judged.ts';
import type { LabelFormat } from './labels.ts';
import {
  byServer,
  CLASSES,
  type Compared,
  classDetection,
  confusionMatrix,
  detectionOf,
  judgedClass,
  labelledClass,
  rightShare,
  scoreOf,
} from './measures.ts';
import { missesOf } from './misses.ts';
import { microAverage, signalReports } from './signal-labels.ts';

/** The labels of one file with what is said of their tools. */
export interface JudgedSet {
  /** Without its folder. */
  file: string;
  format: LabelFormat;
  /** How many labels the file has; those without a definition are not among `judged`. */
  read: number;
  judged: readonly Judged[];
  severalDefinitions: number;
}

/** Measures every set; the same sets give the same report. */
export function accuracyReport(sets: readonly JudgedSet[]): AccuracyReport {
  return {
    formatVersion: 1,
    classifierVersion: CLASSIFIER_VERSION,
    signalSetHash,
    annotations: 'removed',
    floor: 'verb-list',
    sets: sets.map(setReport),
  };
}

type Judge = (judged: Judged) => Judgement;
const classifier: Judge = ({ verdict }) => verdict;
const floor: Judge = (judged) => judged.floor;

function setReport({ file, format, read, judged, severalDefinitions }: JudgedSet): LabelSetReport {
  const clear = judged.filter(({ label }) => !label.ambiguous);
  const [headline] = format.measures;
  const signals = signalReports(judged, format);
  return {
    file,
    format: format.id,
    labels: {
      read,
      matched: judged.length,
      ambiguous: judged.length - clear.length,
      servers: new Set(judged.map(({ label }) => label.server)).size,
      withSchema: judged.filter(({ hasSchema }) => hasSchema).length,
      severalDefinitions,
    },
    classes: format.measures.map((measure) => classReport(measure, judged)),
    changingCalledRead: changingCalledRead(clear),
    flags: flagReports(judged),
    signals,
    signalsMicro: {
      clear: microAverage(signals, format, 'clear'),
      all: microAverage(signals, format, 'all'),
    },
    confidence: headline === undefined ? [] : confidenceReports(clear, headline),
    annotationsAsSent: headline === undefined ? null : asSent(clear, headline),
    withoutLargest: headline === undefined ? null : withoutLargest(clear, headline),
    servers: headline === undefined ? [] : serverReports(clear, headline),
    misses: missesOf(judged, format),
  };
}

/** A judge's answers beside the labels that say something of the measure. */
function compare(judged: readonly Judged[], measure: Measure, judge: Judge = classifier): Compared[] {
  return judged.flatMap((each) => {
    const expected = labelledClass(measure, each.label);
    if (expected === undefined) return [];
    return [{ server: each.label.server, expected, got: judgedClass(measure, judge(each)) }];
  });
}

/** How often a verdict of each confidence is right. */
export function confidenceReports(judged: readonly Judged[], measure: Measure): ConfidenceReport[] {
  return Confidence.options.map((level) => {
    const said = judged.filter(({ verdict }) => verdict.confidence === level);
    return { level, ...rightShare(compare(said, measure)) };
  });
}

/** Changing tools that a judge calls Read, among those that the labels say change something. */
function changingCalledRead(judged: readonly Judged[]): { classifier: Share; floor: Share } {
  const changing = judged.filter(({ label }) => label.isRead === false);
  const share = (judge: Judge) =>
    shareOf(changing.filter((each) => judge(each).category === 'Read').length, changing.length);
  return { classifier: share(classifier), floor: share(floor) };
}

function classReport(measure: Measure, judged: readonly Judged[]): ClassReport {
  const classes = CLASSES[measure];
  const clear = judged.filter(({ label }) => !label.ambiguous);
  const ambiguous = judged.filter(({ label }) => label.ambiguous);
  const compared = compare(clear, measure);
  return {
    measure,
    classes: [...classes],
    matrix: confusionMatrix(classes, compared),
    perClass: classes.map((name) => ({ class: name, ...classDetection(name, compared) })),
    classifier: scoreOf(compared),
    floor: scoreOf(compare(clear, measure, floor)),
    ambiguous: rightShare(compare(ambiguous, measure)),
    all: rightShare(compare(judged, measure)),
  };
}

function flagReports(judged: readonly Judged[]): FlagReport[] {
  const clear = judged.filter(({ label }) => !label.ambiguous);
  return (['destructive', 'financial'] as const)
    .filter((flag) => judged.some(({ label }) => label[flag] !== undefined))
    .map((flag) => {
      const detect = (among: readonly Judged[], judge: Judge) =>
        detectionOf(among.map((each) => ({ expected: each.label[flag], got: judge(each)[flag] })));
      const both = (among: readonly Judged[]) => ({
        classifier: detect(among, classifier),
        floor: detect(among, floor),
      });
      return { flag, clear: both(clear), all: both(judged) };
    });
}

function asSent(clear: readonly Judged[], measure: Measure): Share | null {
  if (clear.every((each) => each.asSent === undefined)) return null;
  return rightShare(compare(clear, measure, ({ asSent: sent, verdict }) => sent ?? verdict));
}

function withoutLargest(clear: readonly Judged[], measure: Measure): LabelSetReport['withoutLargest'] {
  const project = largestProject(clear);
  if (project === undefined) return null;
  const rest = clear.filter(({ label }) => label.project !== project);
  return {
    project,
    classifier: scoreOf(compare(rest, measure)),
    floor: scoreOf(compare(rest, measure, floor)),
    changingCalledRead: changingCalledRead(rest),
  };
}

/** The project with the most labels, the first by name among equals; undefined where there are no two. */
export function largestProject(judged: readonly Judged[]): string | undefined {
  const counts = [...Map.groupBy(judged, ({ label }) => label.project)].map(
    ([project, members]) => [project, members.length] as const,
  );
  if (counts.length < 2) return undefined;
  return counts.toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

function serverReports(clear: readonly Judged[], measure: Measure): LabelSetReport['servers'] {
  return byServer(compare(clear, measure)).map(({ server, compared }) => ({
    server,
    ...rightShare(compared),
  }));
}
