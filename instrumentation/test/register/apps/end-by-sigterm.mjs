setInterval(() => undefined, 1000);
setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
