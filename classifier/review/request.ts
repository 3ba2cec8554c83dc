import { zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { ToolDefinition } from '../../crawler/contract.ts';
import { MAX_ANSWER_TOKENS, TOKENS_BESIDE_TEXT } from './limits.ts';
import { ModelAnswer, type Usage } from './opinion.ts';
import { answerJsonSchema, messagesFor } from './prompt.ts';

/** Fields of a request that some models or servers refuse. */
const OPTIONAL = ['temperature', 'seed', 'response_format'] as const;
/** The two names of the bound on an answer: the new one, which reasoning models want, and the one all others know. */
const BOUNDS = ['max_completion_tokens', 'max_tokens'] as const;

type Optional = (typeof OPTIONAL)[number];
type Bound = (typeof BOUNDS)[number];

/** How a server wants to be asked. It is found out by asking. */
export interface Dialect {
  fields: readonly Optional[];
  /** The name of the bound in use, then those that are still to be tried. */
  bounds: readonly [Bound, ...Bound[]];
}

/** The dialect to begin with: OpenAI's own, or the older one, which compatible servers are sure to know. */
export function firstDialect(isOpenAi: boolean): Dialect {
  const [newer, older] = BOUNDS;
  return { fields: OPTIONAL, bounds: isOpenAi ? [newer, older] : [older, newer] };
}

/** For a batch, which cannot find out: without the fields that reasoning models refuse. */
export const BATCH_DIALECT: Dialect = { fields: ['response_format'], bounds: BOUNDS };

/** The dialect without a field that the server refused; undefined when there is no other way to ask. */
export function dialectWithout(dialect: Dialect, field: string): Dialect | undefined {
  const fields = dialect.fields.filter((each) => each !== field);
  if (fields.length < dialect.fields.length) return { ...dialect, fields };
  const [bound, next, ...others] = dialect.bounds;
  return bound === field && next !== undefined ? { ...dialect, bounds: [next, ...others] } : undefined;
}

/** The field of a request that an error message is about, if it is about one. */
export function refusedField(param: unknown, message: string): string | undefined {
  const fields: readonly string[] = [...OPTIONAL, ...BOUNDS];
  const named = typeof param === 'string' ? param.split('.')[0] : undefined;
  if (named !== undefined && fields.includes(named)) return named;
  if (!/unsupported|not support|unknown|unrecogni[sz]ed|not permitted|invalid/i.test(message))
    return undefined;
  // The first one: a message that refuses a field often goes on to name the one to use instead.
  const [first] = fields
    .filter((field) => message.includes(field))
    .toSorted((a, b) => message.indexOf(a) - message.indexOf(b));
  return first;
}

/** The answer always varies as little as the server allows, so that a review can be repeated. */
const SEED = 1;

/** The body of a chat completion that asks about a definition. */
export function requestBody(
  definition: ToolDefinition,
  model: string,
  { fields, bounds: [bound] }: Dialect,
): ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: messagesFor(definition),
    ...(fields.includes('temperature') && { temperature: 0 }),
    ...(fields.includes('seed') && { seed: SEED }),
    ...(fields.includes('response_format') && {
      response_format: zodResponseFormat(ModelAnswer, 'tool_review'),
    }),
    [bound]: MAX_ANSWER_TOKENS,
  };
}

const encoder = new TextEncoder();

/** The most tokens that a question and its answer can take: a token is never less than one byte of text. */
export function estimateOf(definition: ToolDefinition): Usage {
  const text = `${messagesFor(definition)
    .map(({ content }) => content)
    .join('')}${JSON.stringify(answerJsonSchema)}`;
  return {
    promptTokens: encoder.encode(text).length + TOKENS_BESIDE_TEXT,
    completionTokens: MAX_ANSWER_TOKENS,
  };
}
