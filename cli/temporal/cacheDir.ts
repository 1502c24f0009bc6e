import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where Custody keeps what it downloads or builds once for all checkouts: `$XDG_CACHE_HOME/custody` where that
 * variable is set, else `~/Library/Caches/custody` on macOS and `~/.cache/custody` elsewhere. It is not created here.
 */
export function cacheDir(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const base =
    env['XDG_CACHE_HOME'] || (platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache'));
  return join(base, 'custody');
}
