// Loaded before a service: tells over IPC how long its event loop has been held up since it was last asked.
const { monitorEventLoopDelay } = require('node:perf_hooks');

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('message', () => {
  process.send?.({ longestStallMs: delay.max / 1e6, cpuMs: process.cpuUsage().user / 1e3 });
  delay.reset();
});
process.channel?.unref();
