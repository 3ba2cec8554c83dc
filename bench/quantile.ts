/** The value below which a part (0 to 1) of the values lies; NaN when there are none. */
export function quantile(values: readonly number[], part: number): number {
  const at = Math.min(values.length - 1, Math.floor(values.length * part));
  return values.toSorted((a, b) => a - b)[at] ?? Number.NaN;
}

/** The value in the middle, the upper one of two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
