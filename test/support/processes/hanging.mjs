/** A process that says that it runs, and does not end when its parent wants it to. */
process.once('message', () => process.send?.({ runs: true }));
process.on('disconnect', () => undefined);
setInterval(() => undefined, 60_000);
