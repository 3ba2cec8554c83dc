import { Category } from '../contract.ts';
import { type Detection, FiveClass, type Judgement, type Measure, type Score } from './contract.ts';
import { round, serverMean, shareOf } from './intervals.ts';
import { fiveClassOf, type Label } from './labels.ts';

const NOT_READ = 'not Read';

/** The classes of a measure, in the order in which they are shown. */
export const CLASSES: Readonly<Record<Measure, readonly string[]>> = {
  five: FiveClass.options,
  category: Category.options,
  read: ['Read', NOT_READ],
};

/** The class that a label gives on a measure; undefined where it says nothing of it. */
export function labelledClass(measure: Measure, label: Label): string | undefined {
  if (measure === 'five') return label.five;
  if (measure === 'category') return label.category;
  return label.isRead === undefined ? undefined : readClass(label.isRead);
}

/** The class that a judge gives on a measure. */
export function judgedClass(measure: Measure, judgement: Judgement): string {
  if (measure === 'five') return fiveClassOf(judgement);
  return measure === 'category' ? judgement.category : readClass(judgement.category === 'Read');
}

function readClass(isRead: boolean): string {
  return isRead ? 'Read' : NOT_READ;
}

/** A label's class beside a judge's. */
export interface Compared {
  server: string;
  expected: string;
  got: string;
}

/** How often a judge is right: by tool, and as the mean of the servers. */
export function scoreOf(compared: readonly Compared[]): Score {
  return { accuracy: rightShare(compared), serverMean: serverMean(byServer(compared).map(rightPart)) };
}

/** The part that is right. */
export function rightShare(compared: readonly Compared[]): Score['accuracy'] {
  return shareOf(compared.filter(isRight).length, compared.length);
}

/** The comparisons of each server, by its name. */
export function byServer(compared: readonly Compared[]): { server: string; compared: Compared[] }[] {
  const groups = Map.groupBy(compared, ({ server }) => server);
  return [...groups]
    .map(([server, members]) => ({ server, compared: members }))
    .toSorted((a, b) => (a.server < b.server ? -1 : 1));
}

/** How many of each labelled class (rows) were judged as each class (columns). */
export function confusionMatrix(classes: readonly string[], compared: readonly Compared[]): number[][] {
  return classes.map((expected) =>
    classes.map((got) => compared.filter((each) => each.expected === expected && each.got === got).length),
  );
}

/** Whether something was there, whether it was found; undefined where the label does not say. */
export interface Sighting {
  expected: boolean | undefined;
  got: boolean;
}

/** Precision, recall and their harmonic mean; null where nothing was found or nothing was there. */
export function detectionOf(sightings: readonly Sighting[]): Detection {
  const count = (expected: boolean, got: boolean) =>
    sightings.filter((each) => each.expected === expected && each.got === got).length;
  return detection(count(true, true), count(false, true), count(true, false));
}

/** The same from counts. */
export function detection(truePositives: number, falsePositives: number, falseNegatives: number): Detection {
  const part = (of: number) => (of === 0 ? null : round(truePositives / of));
  return {
    truePositives,
    falsePositives,
    falseNegatives,
    precision: part(truePositives + falsePositives),
    recall: part(truePositives + falseNegatives),
    f1: part(truePositives + (falsePositives + falseNegatives) / 2),
  };
}

/** What a class is to the others: found where it is labelled, false where another is. */
export function classDetection(name: string, compared: readonly Compared[]): Detection {
  return detectionOf(
    compared.map(({ expected, got }) => ({ expected: expected === name, got: got === name })),
  );
}

function rightPart({ compared }: { compared: readonly Compared[] }): number {
  return compared.filter(isRight).length / compared.length;
}

function isRight({ expected, got }: Compared): boolean {
  return expected === got;
}
