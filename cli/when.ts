import { usageError } from '../crawler/fault.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * An instant as people write it: an ISO 8601 date or time, or a span such as `90m`, `24h` or `7d` before or after now.
 * Throws a usage error that names the option.
 */
export function instant(text: string, option: string, now: Date, direction: 'before' | 'after'): Date {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const spanMs = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  const ms =
    amount === undefined ? isoInstant(text) : now.getTime() + (direction === 'after' ? spanMs : -spanMs);
  if (Number.isNaN(ms)) {
    throw usageError(
      `${option} needs a span such as 90m, 24h or 7d, or a date such as 2026-01-31 or 2026-01-31T12:00Z.`,
    );
  }
  return new Date(ms);
}

/** A time of day without a zone would mean something else on every machine, so that it has to be given. */
function isoInstant(text: string): number {
  return /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}

/** A span for reading: its largest unit, and the next where that says something. */
export function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60)
    return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  return `${Math.floor(minutes / (24 * 60))} days`;
}
