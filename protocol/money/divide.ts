/**
 * Whole quotients of safe integers from 0 on, exactly: what a division of floats rounds is mended by the remainder.
 * Money is counted with these, and with BigInt where a product is no safe integer.
 */
export function floorDiv(amount: number, unit: number): number {
  const quotient = Math.floor(amount / unit);
  const rest = amount - quotient * unit;
  return rest < 0 ? quotient - 1 : rest >= unit ? quotient + 1 : quotient;
}

export function ceilDiv(amount: number, unit: number): number {
  const quotient = floorDiv(amount, unit);
  return quotient * unit === amount ? quotient : quotient + 1;
}
