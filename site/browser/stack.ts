import { targets } from '../../policy/targets/index.generated.ts';
import { stackBucketPath, stackIndexPath } from '../links.ts';
import type { StackBucket, StackIndex } from '../stack/buckets.ts';
import { readStack } from '../stack/config.ts';
import { findServers } from '../stack/lookup.ts';
import { type KnownServer, stackExports, verdictOf } from '../stack/verdict.ts';
import { count } from '../words.ts';
import { byId, FROM_FILE, fetchJson } from './dom.ts';
import { setUpExports } from './exports.ts';
import { sha256 } from './hash.ts';
import { combinationNodes, serverNodes, toolNodes } from './stack-view.ts';

// My stack: a client's configuration, read here, looked up by the beginnings of hashes, and judged here.

const config = byId('config', HTMLTextAreaElement);
const said = byId('said', HTMLElement);
const result = byId('result', HTMLElement);
const policies = byId('policies', HTMLElement);
const exports = setUpExports(byId('exports', HTMLElement), targets, () => {});

/** Counts the readings, so that an old one that comes late is not shown. */
let reading = 0;

byId('stack', HTMLElement).hidden = false;
exports.show('claude-code');
byId('read', HTMLButtonElement).addEventListener('click', () => void show());
byId('clear', HTMLButtonElement).addEventListener('click', () => {
  config.value = '';
  reset('');
});
// A browser that restores forms would keep the configuration for whoever comes back to the page.
addEventListener('pagehide', () => {
  config.value = '';
});

function reset(words: string): number {
  said.textContent = words;
  result.replaceChildren();
  policies.hidden = true;
  return ++reading;
}

async function show(): Promise<void> {
  const read = readStack(config.value);
  const own = reset(read.ok ? 'Looking the servers up.' : read.message);
  if (!read.ok) return;
  const digest = sha256();
  if (digest === undefined || location.protocol === 'file:') {
    said.textContent =
      digest === undefined
        ? 'This browser hashes only on pages from https or from this machine, so nothing can be looked up without naming it. The command “catalogue scan” with the path of the configuration does the same.'
        : FROM_FILE;
    return;
  }
  const index = await fetchJson<StackIndex>(stackIndexPath);
  let missing = index === undefined;
  const found = await findServers(read.servers, index?.digits ?? 0, digest, async (name) => {
    const bucket = index && (await fetchJson<StackBucket>(stackBucketPath(name)));
    missing ||= bucket === undefined;
    return bucket ?? { servers: [] };
  });
  if (own !== reading) return;
  if (missing) {
    said.textContent = 'A file of the catalogue could not be read, so this would not be whole. Try again.';
    return;
  }
  const known = found.flatMap(({ server, brief }): KnownServer[] =>
    brief === undefined ? [] : [{ key: server.key, brief }],
  );
  const verdict = verdictOf(known);
  said.textContent = `${count(read.servers.length, 'server')}, of which the catalogue knows ${known.length}; ${count(verdict.tools.length, 'tool')}.`;
  result.replaceChildren(
    ...combinationNodes(verdict, known.length),
    ...toolNodes(verdict),
    ...serverNodes(found, read.left),
  );
  // Read and judged; nobody has to see the secrets in it any longer.
  config.value = '';
  const listed = known.filter(({ brief }) => brief.tools.length > 0);
  policies.hidden = listed.length === 0;
  if (listed.length === 0) return;
  exports.update((target) =>
    stackExports(listed, target).map(({ key, ...file }) => ({
      ...file,
      ...(key !== undefined && { title: key }),
    })),
  );
}
