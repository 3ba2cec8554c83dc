import { judges, taking, tool } from './cases.ts';

const text = { type: 'string' };

judges('model-inference', [
  ['a picture', tool('paint', 'Generate an image from a text prompt'), true],
  ['a voice', tool('say', 'Convert text to speech and save the audio'), true],
  ['a voice by its usual name', tool('tts', 'Generate text-to-speech audio'), true],
  ['a question', tool('ask', 'Ask the connected LLM a question'), true],
  ['many at once', tool('poll', 'Send a prompt to multiple LLM models'), true],
  ['a reading of pictures', tool('look', 'Analyze a picture using GPT-4o-mini'), true],
  ['the model of the client', tool('sum', 'Summarize an issue via MCP sampling'), true],
  ['numbers for a text', tool('embed', 'Create embeddings of a text'), true],
  ['what is said', tool('listen', 'Transcribe audio using Whisper'), true],
  ['code from words', tool('zig', 'Generate Zig code from natural language'), true],
  [
    'settings',
    taking({ prompt: text, temperature: { type: 'number' } }, 'complete', 'Complete a text'),
    ['temperature'],
  ],
  ['a list of models', tool('models', 'List the LLM models that are available'), false],
  ['a store of prompts', tool('prompts', 'Create or update a prompt with its template and model'), false],
  ['who reads the result', tool('docs', 'Get documentation in a form made for LLMs'), false],
  ['a drawing', tool('chart', 'Generate an image of a chart'), false],
  ['a square', tool('qr', 'Generate a QR code image'), false],
  ['a picture of a machine', tool('bake', 'Create a machine image from a disk'), false],
  ['a summary of numbers', tool('report', 'Generate a summary of the hours worked'), false],
  ['a program of that name', tool('again', 'Restart the Claude application'), false],
  ['a person', tool('dialog', 'Prompt the user for a confirmation'), false],
  ['set up', taking({ prompt: text, model: text }, 'agent', 'Update a voice agent'), false],
  ['a domain name', tool('find', 'Search for models on fal.ai based on keywords'), false],
]);
