// Written by `npm run generate` from the files of this folder.
import type { Source } from '../source.ts';
import { source as clientConfigSource } from './client-config.ts';
import { source as commandSource } from './command.ts';
import { source as npmSource } from './npm.ts';
import { source as urlSource } from './url.ts';

export const sources: readonly Source[] = [
  clientConfigSource,
  commandSource,
  npmSource,
  urlSource,
];
