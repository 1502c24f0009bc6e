import { BlockList, isIP } from 'node:net';

/**
 * What is no public address, by IANA's registries of special-purpose addresses: this network, private, shared (CGNAT),
 * loopback, link-local with the metadata services of clouds, documentation, benchmarks, multicast, reserved, broadcast.
 */
const IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Within what is public in IPv6: protocol assignments with Teredo and ORCHID, documentation, 6to4. */
const IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** All that is public in IPv6; loopback, unique local, link-local and multicast are elsewhere. */
const GLOBAL = ['2000::/3'];
/** IPv4 within IPv6: mapped, and translated by a NAT64. */
const EMBEDDING = ['::ffff:0:0/96', '64:ff9b::/96'];

const listOf = (nets: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const net of nets) {
    const [address = '', prefix = ''] = net.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

const [special4, special6, global6, embedding] = [IPV4, IPV6, GLOBAL, EMBEDDING].map(listOf) as [
  BlockList,
  BlockList,
  BlockList,
  BlockList,
];

/** Is it an address of the public Internet? False for what is no address. */
export function isPublic(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !special4.check(address, 'ipv4');
  if (version !== 6) return false;
  const plain = address.replace(/%.*$/, '');
  if (embedding.check(plain, 'ipv6')) return isPublic(embedded(plain));
  return global6.check(plain, 'ipv6') && !special6.check(plain, 'ipv6');
}

/** The last 32 bits, as IPv4. */
function embedded(address: string): string {
  // A URL has its addresses in one form, in which these are the last two groups.
  const [high = '0', low = '0'] = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  const bits = (parseInt(high || '0', 16) << 16) | parseInt(low || '0', 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
