// Written by `npm run generate` from the files of this folder.
import type { Command } from '../command.ts';
import { command as buildCommand } from './build.ts';
import { command as classifyCommand } from './classify.ts';
import { command as correctionsCommand } from './corrections.ts';
import { command as crawlCommand } from './crawl.ts';
import { command as evalCommand } from './eval.ts';
import { command as exportCommand } from './export.ts';
import { command as listCommand } from './list.ts';
import { command as reportCommand } from './report.ts';
import { command as reviewCommand } from './review.ts';
import { command as scanCommand } from './scan.ts';
import { command as serveCommand } from './serve.ts';
import { command as showCommand } from './show.ts';
import { command as sourcesCommand } from './sources.ts';

export const commands: readonly Command[] = [
  buildCommand,
  classifyCommand,
  correctionsCommand,
  crawlCommand,
  evalCommand,
  exportCommand,
  listCommand,
  reportCommand,
  reviewCommand,
  scanCommand,
  serveCommand,
  showCommand,
  sourcesCommand,
];
