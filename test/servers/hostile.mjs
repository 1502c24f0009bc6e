#!/usr/bin/env node
/**
 * An MCP server (revision 2025-11-25, written out by hand) that misbehaves in one way.
 *
 *   node hostile.mjs --mode MODE [--http PORT] [--target URL]
 *
 * In the modes `told` and `told-in-session` a call of `poke` says what it is answered with.
 *
 * It has a tool `poke`, on which most modes act, and a tool `look`, which always behaves: it answers with the pid, the
 * pid of the grandchild if there is one, the environment, the last HTTP headers and the notifications that came in. The
 * modes are the keys of ON_POKE and ON_START, and MORE_MODES.
 */
import { serveHttp } from './hostile/http.mjs';
import { ON_POKE } from './hostile/onPoke.mjs';
import { ON_START } from './hostile/onStart.mjs';
import { http, mode } from './hostile/state.mjs';
import { serveStdio } from './hostile/stdio.mjs';

/** Modes that act elsewhere: on tools/list, on the first message, and on the level of HTTP. */
const MORE_MODES = [
  'none',
  'mute',
  'paging-loop',
  'endless-paging',
  'too-many-tools',
  'most-tools',
  'one-tool-too-many',
  'evil-names',
  'annotated',
  'twin-tools',
  'dies-at-probe',
  'mute-at-probe',
  'get-huge',
  'redirect',
  'no-answer',
  'broken',
  'stream-end',
  'told-in-session',
];
if (![...Object.keys(ON_POKE), ...Object.keys(ON_START), ...MORE_MODES].includes(mode))
  throw new Error(`no mode ${mode}`);

if (http === '') serveStdio();
else serveHttp();
