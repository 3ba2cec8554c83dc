import ipaddr from 'ipaddr.js';

/** What a person calls the ranges of ipaddr.js; the rest are reserved for something else than hosts. */
const RANGES: Readonly<Record<string, string>> = {
  unspecified: 'an unspecified address',
  loopback: 'a loopback address',
  private: 'a private address',
  uniqueLocal: 'a private address',
  linkLocal: 'a link-local address',
  carrierGradeNat: "an address of a provider's own network",
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
  ipv4Mapped: 'an IPv4 address in IPv6 form',
  rfc6052: 'an IPv4 address in IPv6 form',
  rfc6145: 'an IPv4 address in IPv6 form',
  '6to4': 'an IPv4 address in IPv6 form',
  teredo: 'an IPv4 address in IPv6 form',
};

/** Only this block of IPv6 is given to hosts on the internet (IANA, IPv6 global unicast). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Azure answers a virtual machine's questions about itself on this address, public by its number. */
const AZURE_PLATFORM = '168.63.129.16';

/**
 * What is wrong with connecting to an address, as a noun phrase; undefined for one of the public internet. Whatever
 * could carry another address in disguise (mapped, translated, tunnelled) is refused whole.
 */
export function refusedRange(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return 'no address';
  if (address === AZURE_PLATFORM) return 'an address of the cloud platform';
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range !== 'unicast') return RANGES[range] ?? 'a reserved address';
  if (parsed.kind() === 'ipv6' && !parsed.match(GLOBAL_UNICAST)) return 'a reserved address';
  return undefined;
}
