// Written by `npm run generate` from the files of this folder.
import type { Source } from '../source.ts';
import { source as capturesSource } from './captures.ts';
import { source as clientConfigSource } from './client-config.ts';
import { source as commandSource } from './command.ts';
import { source as dockerRegistrySource } from './docker-registry.ts';
import { source as htmlDirectorySource } from './html-directory.ts';
import { source as listSource } from './list.ts';
import { source as mcpRegistrySource } from './mcp-registry.ts';
import { source as npmSource } from './npm.ts';
import { source as urlSource } from './url.ts';

export const sources: readonly Source[] = [
  capturesSource,
  clientConfigSource,
  commandSource,
  dockerRegistrySource,
  htmlDirectorySource,
  listSource,
  mcpRegistrySource,
  npmSource,
  urlSource,
];
