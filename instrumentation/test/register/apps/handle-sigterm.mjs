process.on('SIGTERM', () => setTimeout(() => process.exit(3), 50));
await import('./end-by-sigterm.mjs');
