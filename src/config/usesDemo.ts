import type { Config } from './config.ts';
import { demoBaseUrl } from './demoBaseUrl.ts';

/** Some provider of the configuration is the built-in demo provider. */
export function usesDemo(config: Pick<Config, 'providers'>): boolean {
  return Object.values(config.providers).some(({ baseUrl }) => baseUrl === demoBaseUrl);
}
