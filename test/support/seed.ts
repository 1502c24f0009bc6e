import fc from 'fast-check';

/**
 * Property tests draw the same examples in each run, so that a change is judged by itself; CUSTODY_SEED draws others.
 */
fc.configureGlobal({ seed: Number(process.env.CUSTODY_SEED ?? 20_261_122) });
