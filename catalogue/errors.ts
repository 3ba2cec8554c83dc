/** The catalogue cannot be used now: it is locked, unreachable, or not ours. The message says what to do. */
export class CatalogueUnavailable extends Error {
  override readonly name = 'CatalogueUnavailable';
}
