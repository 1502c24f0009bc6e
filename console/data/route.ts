import { signal } from '@preact/signals';

/** Where the page is: what its address says after /console. */
export const here = signal(read());

function read(): { readonly path: readonly string[]; readonly search: URLSearchParams } {
  const { pathname, search } = globalThis.location;
  const path = pathname.split('/').slice(2).filter(Boolean).map(decoded);
  return { path, search: new URLSearchParams(search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a view. */
export const to = (...path: readonly string[]): string => ['/console', ...path.map(encodeURIComponent)].join('/');

/** Goes to a view of this page. */
export function go(href: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', href);
  else history.replaceState(null, '', href);
  here.value = read();
}

/** Changes what the address says after `?`, without a step back for each letter. */
export function filter(changes: { readonly [name: string]: string | undefined }): void {
  const search = new URLSearchParams(here.value.search);
  for (const [name, value] of Object.entries(changes))
    if (value) search.set(name, value);
    else search.delete(name);
  const text = search.toString();
  go(`${globalThis.location.pathname}${text === '' ? '' : `?${text}`}`, 'replace');
}

/** Links to views change the view, and all others do what links do. */
export function followLinks(): void {
  addEventListener('popstate', () => (here.value = read()));
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || link.target || link.hasAttribute('download') || event.defaultPrevented) return;
    if (link.origin !== globalThis.location.origin || !link.pathname.startsWith('/console')) return;
    if (link.hash && link.pathname === globalThis.location.pathname) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
