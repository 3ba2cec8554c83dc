import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import type { Classification } from '../../classifier/contract.ts';
import type { TestPlace } from './engines.ts';
import { HOSTILE_TOOLS } from './hostile-tools.ts';
import { failedScanOf, scanOf } from './scans.ts';

export function tool(name: string, description: string) {
  return { name, description, inputSchema: { type: 'object' } };
}

export const LIST = tool('list_notes', 'Lists all notes.');
export const LIST_OF_FOLDER = tool('list_notes', 'Lists the notes of a folder.');
export const SEARCH = tool('search_notes', 'Searches the notes.');
export const DELETE = tool('delete_note', 'Deletes a note permanently. This cannot be undone.');

/** The day of a month, as an instant. */
export function day(n: number): string {
  return `2026-01-${String(n).padStart(2, '0')}T00:00:00.000Z`;
}

/** A scan that was cut short. */
export function partial(scan: JudgedScan): JudgedScan {
  return { ...scan, crawl: { ...scan.crawl, status: 'partial' } as JudgedScan['crawl'] };
}

/** The hash of a definition. */
export function hashOf(wire: unknown): string {
  return scanOf('any', [wire]).classifications[0]?.toolHash ?? '';
}

/** Tools of one letter each. */
export function letters(text: string, about = '') {
  return [...text].map((letter) => tool(letter, `Reads ${letter}${about}.`));
}

/** A catalogue of servers that changed, or did not, in every way that there is. */
export interface ChangedServers {
  catalogue: Catalogue;
  /** The folder of its corrections. */
  corrections: string;
  /** Stores scans one after the other, each judged when it was made. */
  save(...scans: JudgedScan[]): Promise<void>;
  /** Has a definition judged by somebody else, some days after its server was scanned. */
  judge(wire: unknown, at: string, more: Partial<Classification>): Promise<void>;
  remove(): Promise<void>;
}

export async function openChangedServers(place: TestPlace): Promise<ChangedServers> {
  let clock = day(1);
  const corrections = mkdtempSync(join(tmpdir(), 'catalogue-corrections-'));
  const catalogue = await openCatalogue({
    location: place.location,
    classifierVersion: '1.0.0',
    now: () => new Date(clock),
    corrections: { path: corrections, required: false },
  });
  const servers: ChangedServers = {
    catalogue,
    corrections,
    async save(...scans) {
      for (const scan of scans) {
        clock = scan.crawl.observedAt;
        await catalogue.save(scan);
      }
    },
    async judge(wire, at, more) {
      clock = at;
      const rules = scanOf('any', [wire]).classifications;
      await catalogue.saveReviewed(
        rules.map((verdict) => ({ rules: verdict, reviewed: { ...verdict, reviewer: 'model', ...more } })),
      );
    },
    async remove() {
      await catalogue.close();
      await place.remove();
      rmSync(corrections, { recursive: true });
    },
  };
  await fill(servers);
  return servers;
}

async function fill({ catalogue, save, judge }: ChangedServers): Promise<void> {
  await save(
    scanOf('notes', [LIST, SEARCH, DELETE], day(1)),
    scanOf('notes', [LIST_OF_FOLDER, SEARCH], day(2)),
    failedScanOf('notes', day(3)),
    scanOf('notes', [LIST_OF_FOLDER, SEARCH, DELETE], day(4)),
    scanOf('notes', [LIST_OF_FOLDER], day(6)),
    scanOf('notes', [LIST_OF_FOLDER], day(8)),
  );
  await judge(SEARCH, day(7), { risk: 'medium', category: 'Write' });
  await judge(LIST_OF_FOLDER, day(9), { risk: 'high', category: 'Execute' });

  await save(
    scanOf('steady', [...letters('ba'), SEARCH], day(1)),
    scanOf('steady', [...letters('ba'), SEARCH], day(5)),
  );
  await save(
    scanOf('reworded', [LIST], day(1)),
    scanOf('reworded', [LIST_OF_FOLDER], day(2)),
    scanOf('reworded', [SEARCH], day(3)),
  );
  await save(failedScanOf('never', day(1)));
  await save(scanOf('empty', [], day(1)));
  await save(scanOf('hostile', HOSTILE_TOOLS, day(1)), scanOf('hostile', letters('a'), day(2)));
  await save(scanOf('hostile-now', letters('a'), day(1)), scanOf('hostile-now', HOSTILE_TOOLS, day(2)));
  await save(
    scanOf('twins', [LIST, LIST_OF_FOLDER, SEARCH], day(1)),
    scanOf('twins', [SEARCH, LIST], day(2)),
    scanOf('twins', [SEARCH], day(3)),
  );
  await save(
    scanOf('cut', letters('abc'), day(1)),
    scanOf('cut', letters('ab'), day(2)),
    partial(scanOf('cut', letters('d'), day(3))),
  );
  for (let n = 1; n <= 25; n++) await save(scanOf('busy', letters('abcde', ` and ${n}`), day(n)));
  await catalogue.saveOrigin({ ...scanOf('found-only', []).crawl.target });
}
