/** Bounds of a second opinion, with their reasons. */

/** Characters of a description that a model is shown. Of 29,238 real definitions, 7 are cut by these bounds. */
export const MAX_SHOWN_TEXT_CHARS = 8_000;

/** Characters of a parameter's description that a model is shown. */
export const MAX_SHOWN_PARAMETER_CHARS = 400;

/** Choices of one parameter that a model is shown. */
export const MAX_SHOWN_CHOICES = 40;

/** Characters of all parameters together: with the texts above, a definition stays below about 10,000 tokens. */
export const MAX_SHOWN_SCHEMA_CHARS = 16_000;

/** Characters of an answer that are read. One that keeps to the schema has a few hundred. */
export const MAX_ANSWER_CHARS = 20_000;

/** Tokens that a model may answer with. The answer takes about 150; the rest is for models that reason first. */
export const MAX_ANSWER_TOKENS = 3_000;

/** Characters of a model's reason, or of a refusal, that are kept. */
export const MAX_REASON_CHARS = 300;

/** The least that a quote has: one character stands in every definition, and two are a word in Chinese. */
export const MIN_QUOTE_CHARS = 2;

/** Values of a definition in which a quote is looked for; larger ones than any seen, and bounded work. */
export const MAX_SEARCHED_VALUES = 20_000;

/** How long one request may take. A local model on a processor alone can need minutes. */
export const REQUEST_TIMEOUT_MS = 180_000;

/** How often one tool is asked about when the server is overloaded or cannot be reached. */
export const MAX_ATTEMPTS = 4;

/** The first wait before asking again, and the longest; each wait is twice the one before. */
export const MIN_BACKOFF_MS = 1_000;
export const MAX_BACKOFF_MS = 30_000;

/** The longest wait that a server may ask for. Whoever asks for more will not answer in this run. */
export const MAX_RETRY_AFTER_MS = 120_000;

/** Tools in a row without an answer after which no more are asked about: the server is gone, not busy. */
export const MAX_FAILURES_IN_A_ROW = 5;

/**
 * Tokens that a request has beside its texts: roles and separators. A text itself never has more tokens than it has
 * bytes of UTF-8.
 */
export const TOKENS_BESIDE_TEXT = 100;

/** What one file of a batch may hold (OpenAI Batch API: 50,000 requests, 200 MB). */
export const MAX_BATCH_REQUESTS = 50_000;
export const MAX_BATCH_BYTES = 200_000_000;
