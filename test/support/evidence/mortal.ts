/** What somebody still does before it dies; all that it is given counts it down together. */
export interface Life {
  left: number;
}

/** The same object, of which these methods change something: whoever calls them dies over the last that is left. */
export const mortal = <T extends object>(it: T, changes: readonly (keyof T)[], life: Life): T =>
  new Proxy(it, {
    get(its, name) {
      const value: unknown = Reflect.get(its, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        if (!changes.includes(name as keyof T)) return value.apply(its, given) as unknown;
        if (life.left === 0) return Promise.reject(new Error('It died.'));
        life.left -= 1;
        return value.apply(its, given) as unknown;
      };
    },
  });
