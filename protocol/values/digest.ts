import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Json } from './json.ts';

/** The RFC 8785 form of a JSON value. */
export const canonical = (value: Json): string => canonicalize(value) as string;

/** SHA-256 of a text as UTF-8, in hex. Works in workflows, where node:crypto is not. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** SHA-256 of the RFC 8785 form of a JSON value, in hex. */
export const digestOf = (value: Json): string => sha256Hex(canonical(value));

/** Length of a text in UTF-8, in bytes. */
export const byteLength = (text: string): number => utf8ToBytes(text).length;
