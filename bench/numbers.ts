export const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] as number;
export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
