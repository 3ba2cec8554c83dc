import { createReadStream, mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { readTextLines } from '../crawler/text-lines.ts';
import { filesMaker } from '../site/build/make-server.ts';
import { unpackTask } from '../site/build/parcel.ts';
import { pages } from '../site/pages/index.generated.ts';

/**
 * Makes the pages of tools alone (page, data, badge), as the peers do: from a file of servers for each thread, which were
 * read from the catalogue before. A process of its own, bundled as the command is.
 */

const FILES_OF_TOOLS = new Set(['tool', 'tool-json', 'tool-badge']);
const SETTINGS = {
  baseUrl: 'https://catalogue.example/',
  basePath: '/',
  classifierVersion: '2.0.0',
  program: 'bench',
};

interface Part {
  tasks: string;
  out: string;
}

if (isMainThread) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string', default: '' } },
  });
  mkdirSync(values.out, { recursive: true });
  for (const tasks of positionals) {
    const part: Part = { tasks, out: values.out };
    new Worker(new URL(import.meta.url), { workerData: part });
  }
} else {
  await makePages(workerData);
}

async function makePages({ tasks, out }: Part): Promise<void> {
  const own = pages.filter((page) => page.of === 'server' && FILES_OF_TOOLS.has(page.id));
  const make = filesMaker(out, SETTINGS, own);
  for await (const text of readTextLines(createReadStream(tasks))) make(unpackTask(text));
}
