import { z } from 'zod';
import type { ToolDefinition } from '../../crawler/contract.ts';
import { Category, Evidence } from '../contract.ts';
import { quoteHolds } from '../evidence.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { clip } from '../text.ts';
import { MAX_ANSWER_CHARS, MAX_REASON_CHARS } from './limits.ts';
import { locateQuote } from './locate.ts';

/** What a model is to answer with. Every field is required, as strict structured output wants it. */
export const ModelAnswer = z.strictObject({
  category: Category,
  destructive: z.boolean(),
  financial: z.boolean(),
  pointer: z.string(),
  quote: z.string(),
  reason: z.string(),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;

/** An answer that is final, and can be kept: the same question would get it again. */
export const Answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('opinion'),
    category: Category,
    destructive: z.boolean(),
    financial: z.boolean(),
    /** Found verbatim in the definition. */
    evidence: Evidence,
    /** The model's own words: bounded, on one line, and not to be trusted. */
    reason: z.string(),
  }),
  z.object({ kind: z.literal('refusal'), reason: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;
export type Opinion = Extract<Answer, { kind: 'opinion' }>;

/** Why an answer counts for nothing. */
export type DiscardReason =
  | 'refused'
  | 'filtered'
  | 'truncated'
  | 'empty'
  | 'malformed'
  | 'not-the-schema'
  | 'quote-not-found';

export interface Usage {
  promptTokens: number;
  completionTokens: number;
}

/** What a completion comes to: an answer, or why there is none. */
export interface ReadCompletion {
  answer?: Answer;
  discarded?: DiscardReason;
  /** Missing where the server does not tell. */
  usage?: Usage;
}

const Tokens = z.number().int().nonnegative();

/** A chat completion, as far as it is read. Compatible servers leave out much of it. */
const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish().catch(undefined),
        message: z.object({
          content: z.string().nullish().catch(undefined),
          refusal: z.string().nullish().catch(undefined),
        }),
      }),
    )
    .catch([]),
  usage: z.object({ prompt_tokens: Tokens, completion_tokens: Tokens }).nullish().catch(undefined),
});

/** Reads a chat completion about a definition. Never throws, whatever it holds. */
export function readCompletion(definition: ToolDefinition, body: unknown): ReadCompletion {
  const read = Completion.safeParse(body);
  if (!read.success) return { discarded: 'malformed' };
  const { choices, usage } = read.data;
  return {
    ...readChoice(definition, choices[0]),
    ...(usage && {
      usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens },
    }),
  };
}

type Choice = z.infer<typeof Completion>['choices'][number];

function readChoice(definition: ToolDefinition, choice: Choice | undefined): ReadCompletion {
  if (choice === undefined) return { discarded: 'empty' };
  const { finish_reason: finish, message } = choice;
  if (message.refusal) return { answer: { kind: 'refusal', reason: oneLine(message.refusal) } };
  if (finish === 'content_filter') return { discarded: 'filtered' };
  if (finish === 'length') return { discarded: 'truncated' };
  if (!message.content?.trim()) return { discarded: 'empty' };
  const json = parseObject(message.content);
  if (json === undefined) return { discarded: 'malformed' };
  const answer = ModelAnswer.safeParse(json);
  if (!answer.success) return { discarded: 'not-the-schema' };
  const opinion = opinionOf(definition, answer.data);
  return opinion === undefined ? { discarded: 'quote-not-found' } : { answer: opinion };
}

/** The object that a text is, or has in it: servers without structured output put words or a fence around it. */
function parseObject(content: string): unknown {
  const text = clip(content, MAX_ANSWER_CHARS);
  return parse(text) ?? parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The opinion in an answer, its quote found in the definition; none where the quote is not in it. */
function opinionOf(definition: ToolDefinition, answer: ModelAnswer): Opinion | undefined {
  const { category, destructive, financial, pointer, reason } = answer;
  const place = locateQuote(definition, pointer, clip(answer.quote.trim(), MAX_QUOTE_CHARS));
  if (place === undefined) return undefined;
  const evidence = { ...place, note: 'quoted in the second opinion' };
  return { kind: 'opinion', category, destructive, financial, evidence, reason: oneLine(reason) };
}

/** Whether a kept opinion is about this definition. */
export function isAbout(definition: ToolDefinition, opinion: Opinion): boolean {
  return quoteHolds(definition.wire, opinion.evidence);
}

/** A model's words on one line, cut to a bound. */
function oneLine(text: string): string {
  return clip(clip(text, MAX_ANSWER_CHARS).replaceAll(/\s+/g, ' ').trim(), MAX_REASON_CHARS);
}
