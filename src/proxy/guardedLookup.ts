import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { UpstreamFailed } from './upstreamFailed.ts';

/** Where no provider can be, and instances of clouds find their credentials (RFC 6890; AWS, Azure, GCP, Alibaba: 2026). */
const neverProviders = listOf([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '224.0.0.0/3',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::/32',
  '64:ff9b::a9fe:0/112',
]);
const loopback = listOf(['127.0.0.0/8', '::1/128']);

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** @param host as `URL` gives it: IPv6 in brackets. Names are no addresses: false */
export function isForbiddenHost(host: string): boolean {
  const address = host.startsWith('[') ? host.slice(1, -1) : host;
  return isIP(address) !== 0 && neverProviders.check(address, familyOf(address));
}

/**
 * Resolves names as `lookup` does, less the addresses where no provider can be. It is asked for the very address that is
 * connected to, so that a name cannot answer differently the second time.
 */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = (Array.isArray(found) ? found : []).filter(({ address }) => isAllowed(hostname, address));
      const [first] = addresses;
      if (first === undefined) callback(new UpstreamFailed('forbidden', 'the name leads to no allowed address'), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
}

function isAllowed(hostname: string, address: string): boolean {
  const family = familyOf(address);
  // Plain http is good enough for this name because it is this machine.
  return hostname === 'localhost' ? loopback.check(address, family) : !neverProviders.check(address, family);
}
