import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command as Commander } from 'commander';
import type { AnswerableApprovals } from '../gateway/approvals-file.ts';
import type { Counters } from '../gateway/contract.ts';
import type { Io } from './io.ts';
import { locate } from './location.ts';

export interface StateOptions {
  state?: string;
}

/** Declares `--state` on a command that uses what the gateway keeps. */
export function addStateOption(command: Commander): void {
  command.option(
    '--state <directory>',
    'where the gateway keeps counters, approvals, audit log and grants (default: $CATALOGUE_GATEWAY_STATE, or ' +
      "`gateway` in the catalogue's directory; counters and approvals in $DATABASE_URL where that is set)",
  );
}

/** Where the gateway's state is. */
export interface GatewayPlace {
  counters: string;
  approvals: string;
  audit: string;
  grants: string;
  /** A PostgreSQL server that has counters and approvals, and not the files. */
  shared?: string;
}

/** The place named most expressly: `--state`, then CATALOGUE_GATEWAY_STATE, then where the catalogue is. */
export function gatewayPlace(
  { state }: StateOptions,
  io: Pick<Io, 'env' | 'cwd' | 'home' | 'platform'>,
): GatewayPlace {
  const named = state ?? io.env.CATALOGUE_GATEWAY_STATE;
  if (named) return placeIn(resolve(io.cwd, named));
  const catalogue = locate({}, io);
  // The audit log and the grants are files everywhere; beside a catalogue on a server they are the user's own.
  const own = locate({}, { ...io, env: { ...io.env, DATABASE_URL: undefined } });
  return {
    ...placeIn(join('directory' in own ? own.directory : io.cwd, 'gateway')),
    ...('url' in catalogue && { shared: catalogue.url }),
  };
}

/**
 * What to add to a command so that it finds this place from another shell; nothing where every shell of the user finds
 * it. The address of a database has a password in it, so that is never told.
 */
export function stateWords(
  { state }: StateOptions,
  io: Pick<Io, 'env' | 'cwd' | 'home' | 'platform'>,
): string {
  const place = gatewayPlace({ ...(state !== undefined && { state }) }, io);
  const usual = gatewayPlace({}, { ...io, env: {} });
  if (place.shared !== undefined || place.approvals === usual.approvals) return '';
  const directory = dirname(place.approvals);
  return ` --state ${/^[\w./:-]+$/.test(directory) ? directory : `'${directory.replaceAll("'", `'\\''`)}'`}`;
}

/** Where approvals are kept, for people. */
export function approvalsPlace({ shared, approvals }: GatewayPlace): string {
  return shared === undefined ? approvals : 'the database';
}

function placeIn(directory: string): GatewayPlace {
  return {
    counters: join(directory, 'counters.db'),
    approvals: join(directory, 'approvals.db'),
    audit: join(directory, 'audit.jsonl'),
    grants: join(directory, 'grants.json'),
  };
}

/** Opens what a gateway counts and asks by. Throws a usage error or CatalogueUnavailable. */
export async function openGatewayState(
  place: GatewayPlace,
  now: () => Date,
): Promise<{ counters: Counters; approvals: AnswerableApprovals }> {
  const { APPROVAL_TERMS, openFileApprovals } = await import('../gateway/approvals-file.ts');
  if (place.shared !== undefined) {
    const { openSharedState } = await import('../catalogue/gateway-state.ts');
    return openSharedState(place.shared, APPROVAL_TERMS, now);
  }
  const { openFileCounters } = await import('../gateway/counters-file.ts');
  const counters = await openFileCounters(place.counters);
  try {
    return { counters, approvals: await openFileApprovals(place.approvals) };
  } catch (error) {
    await counters.close();
    throw error;
  }
}

/**
 * Opens the approvals alone, for work with them, and closes them after it. Gives undefined, and makes no file, where no
 * gateway has kept any.
 */
export async function withApprovals<T>(
  place: GatewayPlace,
  io: Pick<Io, 'now'>,
  work: (approvals: AnswerableApprovals) => Promise<T>,
): Promise<T | undefined> {
  if (place.shared === undefined && !existsSync(place.approvals)) return undefined;
  const { openFileApprovals } = await import('../gateway/approvals-file.ts');
  if (place.shared === undefined) {
    const approvals = await openFileApprovals(place.approvals);
    return work(approvals).finally(() => approvals.close());
  }
  const { counters, approvals } = await openGatewayState(place, io.now);
  await counters.close();
  return work(approvals).finally(() => approvals.close());
}
