/** All of the service's code as one bundle, which its own entry and the command line load when they need it. */
export { runService } from './runService.ts';
export { startHeadless } from './startHeadless.ts';
