import { resolve } from 'node:path';
import type { GatewayConfig } from './schema.ts';

/** The same with paths that start at the folder of the operator's file. */
export const gatewayIn = (dir: string, gateway: GatewayConfig): GatewayConfig => ({
  ...gateway,
  tokens: resolve(dir, gateway.tokens),
  ...(gateway.tls && { tls: { cert: resolve(dir, gateway.tls.cert), key: resolve(dir, gateway.tls.key) } }),
  agents:
    typeof gateway.agents === 'string'
      ? resolve(dir, gateway.agents)
      : Object.fromEntries(Object.entries(gateway.agents).map(([name, path]) => [name, resolve(dir, path)])),
});
