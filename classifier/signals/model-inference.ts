import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { parameterEvidence, statedEvidence } from '../evidence.ts';
import { spokenName, type ToolFacts } from '../facts.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

/** What the text says is worked out by a model. */
const STATED =
  /(?<![.@/-])\b(?:(?:using|uses?|via|powered by|driven by|calls?|calling|through|leverag(?:es?|ing)|backed by|by prompting) (?:the |an? |our |your |its |advanced |configured |local |underlying |connected |specified |google'?s? |openai'?s? |azure |together |multiple |different |various |client(?:'s)? |mcp |large |small ){0,4}(?:llms?\b|gpt-?\d?|gemini(?! cli)|claude(?! (?:desktop|code|skill))|dall-?e|openai|anthropic|mistral|llama|grok\b|perplexity|deepseek|whisper|flux\b|stable diffusion|sdxl|imagen|veo\b|midjourney|sora\b|qwen|minimax|generative ai|ai (?:models?|vision|capabilities|agents?|analysis|image|video)|ai\b(?= (?:to|for|and))|ai[.,]|language models?|vision[- ](?:language )?models?|multimodal|(?:ai )?sampling|ollama|vertex ai|bedrock|elevenlabs|text-to-speech|speech synthesis)|(?:ai|llm|gpt|gemini)[- ](?:powered|driven|assisted|based|enhanced) (?!search engine|tool for|assistants?\b|agents?\b|apps?\b|applications?\b)|(?:mcp|llm|client) sampling\b|requires? (?:an? |the |valid )?(?:openai|gemini|anthropic|openrouter|replicate|google_?ai|fal|mistral)[_ ]?(?:api[_ ]key|api_token))/i;
/** How far into a description the statement is looked for; manuals mention models for other reasons. */
const OPENING = 700;

const MAKERS = new Set(
  'generate create synthesize synthesise produce make imagine regenerate upscale animate compose edit render design transform update'.split(
    ' ',
  ),
);
const MEDIA =
  /\b(?:images?|pictures?|photos?|videos?|speech|audio|voice(?:over)?s?|voices|music|songs?|sound effects?|lip-?sync\w{0,4}|talking head|artwork|illustrations?|3d (?:models?|assets?|objects?)|avatar videos?|variations?)\b/i;
const MAKES_FOR_SURE = new Set(
  'generate synthesize synthesise imagine regenerate upscale animate'.split(' '),
);
const FROM_WORDS =
  /\b(?:prompts?|from (?:a |an |the )?(?:text|description|natural language|words|images?)|by text|text[- ]to|based on (?:a |the )?(?:text|prompt|description)|text input|image-to)\b/i;
/** Pictures that a program draws. */
const DRAWN =
  /\b(?:qr|barcodes?|charts?|plots?|diagrams?|graphs?|thumbnails?|placeholders?|nodes?|screenshots?|previews?|urls?|svg|icons?|maps?|heatmaps?|docker|container|disk|vm|machine image|gravatar|captcha|histogram|calendar|certificates?|signed|upload|download links?|badges?|tests?|reports?|code|gallery|record\w*|file|playlist|favicon|mermaid|figure|frame|render(?:ing)?|hash(?:es)?|base64|palette|patterns?|ascii|export|component|alt text|agents?|assistants?|bots?|calls?|profiles?|templates?|library)\b/i;

const TEXTS =
  /\b(?:completions?|chat completions?|responses?|answers?|text|content|embeddings?|(?:vector )?embedding vectors?)$/i;
const NOT_MODEL_TEXT =
  /\b(?:placeholder|lorem|random|table|column|index|static|mock|form|survey|auto|api|http|error|types?)\b/i;

const ASKERS = new Set(
  'ask chat prompt query consult converse talk send invoke call run delegate use message speak'.split(' '),
);
const MODELS =
  /\b(?:llms?|language models?|ai models?|ai assistants?|ai agents?|sub-?agents?|coding agents?|research agents?|browser agents?|gpt[-\w.]{0,12}|chatgpt|gemini|claude|grok|perplexity|deepseek|mistral|ollama|vision models?|multiple models|connected llm|openai|models? (?:in parallel|with a prompt)|sampling|more powerful ai|inference|chat completions?|prompt to)\b/i;
const NOT_ASKED =
  /\b(?:desktop|cli|config\w*|settings?|api keys?|list|models? list|history|window|projects?|usage|metrics|clipboard|session list|browser|restart|status)\b/i;

const TRANSCRIBED =
  /\b(?:audio|videos?|speech|voice|recordings?|podcasts?|meetings?|files?|calls?|media|mp3|wav)\b/i;
const SAYS_ALOUD =
  /\btext[- ]to[- ]speech\b|\btts\b|\bspeech[- ]to[- ]text\b|\btext[- ]to[- ](?:image|video|music|3d)\b/i;
const LOCAL_VOICE = /\b(?:macos|system|say command|notification|accessibility|windows)\b/i;

const KNOBS = new Set(
  'temperature maxtokens systemprompt topp maxoutputtokens negativeprompt guidancescale'.split(' '),
);
const MODEL_WORDS = new Set('model modelid modelname'.split(' '));
const KEEPERS = new Set(
  'create add update edit save register upsert set delete configure store put import'.split(' '),
);

const TRIGGERS = wordSet(
  `3d agent agents ai anthropic api_key artwork audio avatar bedrock chatgpt claude completion completions
   dall dalle deepseek diffusion elevenlabs embedding embeddings fal flux gemini google gpt gpt4 gpt4o grok
   illustration illustrations image imagen images inference language lip lipsync lipsyncing llama llm llms
   messages midjourney minimax mistral model models multimodal music natural ollama openai openrouter
   perplexity photo photos picture pictures plain podcast podcasts prompt prompts qwen recording recordings
   replicate sampling sdxl song songs sora sound speech stable subagent subagents talking text transcribe
   transcribed transcribes transcribing transcription tts variation variations veo vertex video videos
   voice voiceover voiceovers voices whisper
   openai's anthropic's google's gemini's client's`.split(/\s+/),
);

export const signal = defineSignal({
  id: 'model-inference',
  group: 'capability',
  version: 1,
  label: 'Has a model do work',
  title: 'Has a model do work',
  why: "Every call is metered on somebody's account, and what comes back is made up by a model.",
  looksAt:
    'what is generated, asked or transcribed, statements such as "using Gemini", and parameters such as `temperature`',
  falsePositives:
    'A picture that a program draws without a model. Tools that only keep prompts, agents or lists of models are not counted.',
  examples: {
    fires: [
      { name: 'generate_image', description: 'Generate an image from a text prompt' },
      { name: 'ask_llm', description: 'Ask the connected LLM a question' },
      {
        name: 'summarize_issue',
        description: 'Summarize an issue with LLM-assisted analysis via MCP sampling',
      },
      { name: 'transcribe', description: 'Transcribe an audio file' },
      { name: 'embed', description: 'Create embeddings of a text' },
      {
        name: 'complete',
        description: 'Send messages and get an answer',
        inputSchema: {
          type: 'object',
          properties: { prompt: { type: 'string' }, temperature: { type: 'number' } },
        },
      },
    ],
    silent: [
      { name: 'list_models', description: 'List the LLM models that are installed' },
      { name: 'add_prompt', description: 'Add a prompt to the library' },
      { name: 'generate_qr_code', description: 'Generate an image of a QR code' },
      { name: 'generate_report', description: 'Generate a summary of the hours of a week' },
      { name: 'get_docs', description: 'Get documentation in a form that is suitable for LLMs' },
      { name: 'update_agent', description: 'Update the configuration of a voice agent' },
      { name: 'prompt_user', description: 'Show a dialog that prompts the user' },
      { name: 'restart_claude', description: 'Restart the Claude application' },
    ],
  },
  triggers: TRIGGERS,
  observe(facts) {
    const { acts } = facts;
    if (acts[0]?.action === 'destructive' || acts[0]?.action === 'financial') {
      return presentIf([], { confidence: 'low' });
    }
    const told = acts.flatMap((act) => asks(act, facts) ?? []);
    const stated = statement(facts);
    const evidence = [...told, ...(stated ? [stated] : []), ...knobs(facts)];
    const isSure =
      told.length > 0 && (stated !== undefined || acts.some(({ confidence }) => confidence === 'high'));
    return presentIf(evidence, {
      confidence: isSure ? 'high' : told.length > 0 || stated ? 'medium' : 'low',
    });
  },
});

const TELLING = new Set([...MAKERS, ...ASKERS, 'transcribe', 'convert']);

function statement(facts: ToolFacts): Evidence | undefined {
  const { description } = facts;
  if (!description) return undefined;
  const opening = { ...description, text: clip(description.text, OPENING) };
  return statedEvidence(opening, STATED, 'says that a model does it');
}

function asks(act: Act, facts: ToolFacts): Evidence | undefined {
  if (!TELLING.has(act.lemma) || act.action === 'destructive' || act.source === 'choice') return undefined;
  const inName = act.source === 'name';
  const name = spokenName(facts);
  const said = inName ? name : `${act.object ?? ''} ${act.phrase}`;
  const object = inName ? said : (act.object ?? '');
  if (act.lemma === 'transcribe' && (TRANSCRIBED.test(said) || said.trim() === '')) {
    return { ...act.evidence, note: 'a speech model writes down what is said' };
  }
  if (MAKERS.has(act.lemma)) {
    const isSpoken = SAYS_ALOUD.test(`${said} ${name}`) && !LOCAL_VOICE.test(`${said} ${name}`);
    if (isSpoken) return { ...act.evidence, note: 'a model makes it' };
    const isMade =
      MAKES_FOR_SURE.has(act.lemma) ||
      FROM_WORDS.test(said) ||
      (act.lemma !== 'update' && takesPrompt(facts));
    if (isMade && MEDIA.test(object.replace(FROM_ON, '')) && !DRAWN.test(`${said} ${name}`)) {
      return { ...act.evidence, note: 'a model makes it' };
    }
    if (
      TEXTS.test(object) &&
      !NOT_MODEL_TEXT.test(object) &&
      (EMBEDDINGS.test(object) || takesPrompt(facts))
    ) {
      return { ...act.evidence, note: 'a model writes it' };
    }
  }
  if (act.lemma === 'generate' && PROMPTED.test(said) && !inName)
    return { ...act.evidence, note: 'a model writes it' };
  if (ASKERS.has(act.lemma) && act.action !== 'write' && MODELS.test(said) && !NOT_ASKED.test(said)) {
    return { ...act.evidence, note: 'a model is asked' };
  }
  if (act.lemma === 'convert' && SAYS_ALOUD.test(`${said} ${name}`))
    return { ...act.evidence, note: 'a model makes it' };
  return undefined;
}

const PROMPTED =
  /\b(?:from|based on) (?:an? |the |your )?(?:natural language|text prompt|prompt\b|text description|plain english)/i;
/** What something is made from is not what is made. */
const FROM_ON = / from .*/i;
const EMBEDDINGS = /\bembeddings?\b|\bcompletions?\b/i;

function takesPrompt({ parameters }: ToolFacts): boolean {
  return parameters.some(({ words }) => words.at(-1) === 'prompt' || words.at(-1) === 'messages');
}

/** Settings that only a call of a model has. What keeps an agent or a prompt has them too, so that it is left out. */
function knobs(facts: ToolFacts): Evidence[] {
  const main = facts.acts[0];
  const isKept = main !== undefined && main.action === 'write' && main.lemma !== 'send';
  if (isKept || KEEPERS.has(main?.lemma ?? '')) return [];
  const top = facts.parameters.filter(({ depth }) => depth < 2);
  const prompt = top.find(({ words }) => words.at(-1) === 'prompt' || words.at(-1) === 'messages');
  if (!prompt) return [];
  return top
    .filter(({ words }) => KNOBS.has(words.join('')) || MODEL_WORDS.has(words.join('')))
    .map((parameter) => parameterEvidence(parameter, 'a setting of a model, beside a prompt'));
}
