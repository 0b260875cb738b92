/** Base URL of the built-in demo provider: answers locally in both dialects, needs no key, bills nothing. */
export const demoBaseUrl = 'demo:';

/** Hosts that plain http is good enough for. */
export const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
