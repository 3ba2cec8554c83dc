import { z } from 'zod';
import { Category, type Classification, Confidence } from '../contract.ts';

/** How right the classifier is on labelled tools: a published form of its own, printed by `catalogue eval --json`. */

/** The category with the two flags above it, as some catalogues label: Financial before Destructive before category. */
export const FiveClass = z.enum([...Category.options, 'Destructive', 'Financial']);
export type FiveClass = z.infer<typeof FiveClass>;

/** What any judge of a tool answers. */
export type Judgement = Pick<Classification, 'category' | 'destructive' | 'financial'>;

/** What is compared: the five classes, the category, or only whether the tool is Read. */
export const Measure = z.enum(['five', 'category', 'read']);
export type Measure = z.infer<typeof Measure>;

/** A figure with its 95 % interval; null where there was nothing to measure. */
const Estimate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Estimate = z.infer<typeof Estimate>;

/** A part of a number of tools; the interval is the Wilson score interval. */
const Share = Estimate.extend({ count: z.number(), of: z.number() });
export type Share = z.infer<typeof Share>;

/** The mean of the servers' own shares; the interval is a bootstrap over the servers, null for a single one. */
const ServerMean = Estimate.extend({ servers: z.number() });
export type ServerMean = z.infer<typeof ServerMean>;

/** How well something is found. Precision is null where a label that does not name it says nothing. */
const Detection = z.object({
  truePositives: z.number(),
  falsePositives: z.number(),
  falseNegatives: z.number(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
});
export type Detection = z.infer<typeof Detection>;

/** One judge on one measure. */
const Score = z.object({ accuracy: Share, serverMean: ServerMean });
export type Score = z.infer<typeof Score>;

const ClassReport = z.object({
  measure: Measure,
  classes: z.array(z.string()),
  /** Of the clear labels; rows are the label, columns the verdict, in the order of `classes`. */
  matrix: z.array(z.array(z.number())),
  perClass: z.array(Detection.extend({ class: z.string() })),
  /** Of the clear labels. */
  classifier: Score,
  /** A plain list of verbs on the same labels. */
  floor: Score,
  ambiguous: Share,
  /** Clear and ambiguous labels together. */
  all: Share,
});
export type ClassReport = z.infer<typeof ClassReport>;

const FlagReport = z.object({
  flag: z.enum(['destructive', 'financial']),
  clear: z.object({ classifier: Detection, floor: Detection }),
  all: z.object({ classifier: Detection, floor: Detection }),
});
export type FlagReport = z.infer<typeof FlagReport>;

const SignalReport = z.object({
  id: z.string(),
  /** Whether the classifier has a signal of this name; if not, every label of it is a miss. */
  exists: z.boolean(),
  clear: Detection,
  all: Detection,
});
export type SignalReport = z.infer<typeof SignalReport>;

const ConfidenceReport = Share.extend({ level: Confidence });
export type ConfidenceReport = z.infer<typeof ConfidenceReport>;

export const Miss = z.object({
  server: z.string(),
  tool: z.string(),
  /** Of the label, from 1. */
  line: z.number(),
  measure: z.enum([...Measure.options, 'destructive', 'financial', 'signal']),
  expected: z.string(),
  got: z.string(),
  confidence: Confidence,
  ambiguous: z.boolean(),
  /** What the verdict rests on; null for a signal that was not found. */
  evidence: z.object({ pointer: z.string(), quote: z.string() }).nullable(),
});
export type Miss = z.infer<typeof Miss>;

export const LabelSetReport = z.object({
  /** As it was named, without its folder. */
  file: z.string(),
  format: z.string(),
  labels: z.object({
    read: z.number(),
    matched: z.number(),
    ambiguous: z.number(),
    servers: z.number(),
    /** Definitions that came with an input schema: without one, most signals cannot be found. */
    withSchema: z.number(),
    /** Labels for which there are several definitions with different text; the first one counts. */
    severalDefinitions: z.number(),
  }),
  /** The first is what the misses and the confidence are about. Empty where the labels name signals only. */
  classes: z.array(ClassReport),
  /** Tools that change something and are called Read: the costliest error. Clear labels only. */
  changingCalledRead: z.object({ classifier: Share, floor: Share }),
  flags: z.array(FlagReport),
  signals: z.array(SignalReport),
  /** All signals together. */
  signalsMicro: z.object({ clear: Detection, all: Detection }),
  /** How often a verdict of each confidence is right, on the clear labels. */
  confidence: z.array(ConfidenceReport),
  /** The first measure with the servers' own annotations left in; null where they are the label. */
  annotationsAsSent: Share.nullable(),
  /** The first measure without the project that has the most labels; null where there is only one. */
  withoutLargest: z
    .object({
      project: z.string(),
      classifier: Score,
      floor: Score,
      changingCalledRead: z.object({ classifier: Share, floor: Share }),
    })
    .nullable(),
  /** The first measure by server, on the clear labels. */
  servers: z.array(Share.extend({ server: z.string() })),
  misses: z.array(Miss),
});
export type LabelSetReport = z.infer<typeof LabelSetReport>;

/** What `catalogue eval --json` prints. */
export const AccuracyReport = z.object({
  formatVersion: z.literal(1),
  classifierVersion: z.string(),
  signalSetHash: z.string(),
  /** The servers' annotations are taken out of every definition before it is judged. */
  annotations: z.literal('removed'),
  floor: z.literal('verb-list'),
  sets: z.array(LabelSetReport),
});
export type AccuracyReport = z.infer<typeof AccuracyReport>;
