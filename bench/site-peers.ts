import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { measured, type PeerRun } from './site-peers/process.ts';
import { type PeerPage, readTwins } from './site-peers/twins.ts';

export type { PeerRun } from './site-peers/process.ts';

/**
 * The pages of the tools of a catalogue as other generators make them, for `bench/site.ts` to compare with: the page, the
 * JSON twin and the badge of each tool, and nothing else. Each is given its data in the shape that suits it best, made
 * beforehand and not counted.
 */

const TEMPLATES = fileURLToPath(new URL('site-peers', import.meta.url));
const TEMPLATE = '.tmpl';
const run = promisify(execFile);

/** The files of Hugo's default layout, a folder for each page, or one beside the other as ours. */
type HugoLayout = 'default' | 'ugly';

/** How Hugo's templates link in each layout: to the site's root, to the server's folder, and what ends an address. */
const HUGO_LINKS = {
  default: { root: '../../../', up: '../', end: '/' },
  ugly: { root: '../../', up: '', end: '.html' },
};

/** What `hugo version` says, up to its number; undefined where it is not installed. */
export async function hugoVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run('hugo', ['version']);
    return /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Writes a Hugo project into `work`: one content file for each tool of the built tree `from`, its front matter what the
 * templates print, its body the twin.
 */
export async function prepareHugo(from: string, work: string): Promise<{ pages: number }> {
  await rm(work, { recursive: true, force: true });
  await layouts(join(TEMPLATES, 'hugo'), join(work, 'layouts/_default'));
  await layouts(join(TEMPLATES, 'hugo/partials'), join(work, 'layouts/partials'));
  let base = '';
  const pages = await writeEach(from, async ({ tool, twin, base: address }) => {
    base = address;
    const front = JSON.stringify({ slug: tool.slug, tool });
    // Hugo looks for shortcodes and for a divider in the body; in JSON both can be written otherwise.
    const body = twin.replaceAll('{{', '{\\u007b').replaceAll('<!--', '\\u003c!--');
    await put(join(work, 'content/servers', tool.server, `${tool.slug}.md`), `${front}\n${body}\n`);
  });
  for (const [layout, links] of Object.entries(HUGO_LINKS)) {
    await put(join(work, `${layout}.json`), JSON.stringify(hugoConfig(base, links, layout === 'ugly')));
  }
  return { pages };
}

/** Copies templates, whose names here end so that no tool takes them for HTML or JSON. */
async function layouts(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => name.endsWith(TEMPLATE));
  for (const name of names) await cp(join(from, name), join(to, name.slice(0, -TEMPLATE.length)));
}

function hugoConfig(base: string, links: (typeof HUGO_LINKS)[HugoLayout], uglyURLs: boolean) {
  return {
    baseURL: base === '' ? 'https://site.invalid/' : base,
    uglyURLs,
    disableKinds: ['home', 'section', 'taxonomy', 'term', 'RSS', 'sitemap', 'robotsTXT', '404'],
    disableAliases: true,
    timeout: '3600s',
    outputs: { page: ['HTML', 'JSON', 'badge'] },
    mediaTypes: { 'image/svg+xml': { suffixes: ['svg'] } },
    outputFormats: { badge: { mediaType: 'image/svg+xml', baseName: 'index', isHTML: true } },
    params: { ...links, absolute: base !== '' },
  };
}

/** Builds what `prepareHugo` wrote into `out`, which is emptied first. Throws when Hugo fails. */
export async function buildHugo(work: string, out: string, layout: HugoLayout): Promise<PeerRun> {
  await rm(out, { recursive: true, force: true });
  const args = ['--quiet', '--noBuildLock', '--config', `${layout}.json`, '--destination', out];
  return measured('hugo', args, { cwd: work, out });
}

const ELEVENTY = {
  private: true,
  dependencies: { '@11ty/eleventy': '3.1.8' },
  // The newest version that the registry has of what Eleventy asks for is older than that.
  overrides: { '@11ty/recursive-copy': '4.0.3' },
};

/** Large enough for 100,000 pages; by default Node.js gives up at a quarter of the memory or 4 GB. */
const ELEVENTY_HEAP_MB = 12_000;

/**
 * Installs Eleventy into `work` from the npm registry, and writes a project beside it: a file of data for each tool of
 * the built tree `from`, which the template reads when its page is made.
 */
export async function prepareEleventy(from: string, work: string): Promise<{ pages: number }> {
  await rm(work, { recursive: true, force: true });
  await put(join(work, 'package.json'), JSON.stringify(ELEVENTY));
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: work });
  await cp(join(TEMPLATES, 'eleventy'), work, { recursive: true });
  const all: { at: string; risk: string }[] = [];
  const pages = await writeEach(from, async ({ tool, twin, base }) => {
    const at = `${tool.server}/${tool.slug}`;
    all.push({ at, risk: tool.risk });
    await put(join(work, 'tools', `${at}.json`), JSON.stringify({ ...tool, base }));
    await put(join(work, 'twins', `${at}.json`), `${twin}\n`);
  });
  await put(join(work, 'input/_data/tools.json'), JSON.stringify(all));
  return { pages };
}

/** Builds what `prepareEleventy` wrote into `out`, which is emptied first. Throws when Eleventy fails. */
export async function buildEleventy(work: string, out: string): Promise<PeerRun> {
  await rm(out, { recursive: true, force: true });
  const program = join(work, 'node_modules/@11ty/eleventy/cmd.cjs');
  const args = [`--max-old-space-size=${ELEVENTY_HEAP_MB}`, program, '--quiet', `--output=${out}`];
  return measured(process.execPath, args, { cwd: work, out, env: { NODE_ENV: 'production' } });
}

async function writeEach(from: string, write: (page: PeerPage) => Promise<void>): Promise<number> {
  let pages = 0;
  for await (const page of readTwins(from)) {
    await write(page);
    pages++;
  }
  return pages;
}

async function put(path: string, contents: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
