import type { ServerOutline, SiteSettings } from '../contract.ts';
import { absolute, href, indexJsonPath, serverJsonPath } from '../links.ts';
import { rowOf } from '../outline.ts';
import { defineIndexPage } from '../page.ts';
import type { CatalogueIndex } from '../published.ts';

export const page = defineIndexPage({
  id: 'index-json',
  title: 'Index of all servers',
  summary: 'Every server in short and the way to its twin, as JSON.',
  async *files(settings, read) {
    // Each server is text at once: as values all of them would be several times as large.
    const rows: string[] = [];
    let takenAt: string | undefined;
    for await (const server of read()) {
      if (takenAt === undefined || server.scannedAt > takenAt) takenAt = server.scannedAt;
      rows.push(JSON.stringify(entryOf(server, settings)));
    }
    const { classifierVersion } = settings;
    const head: Omit<CatalogueIndex, 'servers'> = {
      format: 'tool-risk-catalogue/index-1',
      classifierVersion,
      takenAt,
    };
    const open = JSON.stringify(head).slice(0, -1);
    yield { path: indexJsonPath, contents: `${open},"servers":[\n${rows.join(',\n')}\n]}\n` };
  },
});

function entryOf(server: ServerOutline, settings: SiteSettings): CatalogueIndex['servers'][number] {
  const { slug, id, label, status, failure, scannedAt, listedAt, toolCount, risks, categories } =
    rowOf(server);
  const path = serverJsonPath(server);
  return {
    slug,
    id,
    label,
    status,
    failure,
    scannedAt,
    listedAt,
    tools: toolCount,
    risks,
    categories,
    json: absolute(settings, path) ?? href(indexJsonPath, path),
  };
}
