/** The service cannot run in this editor at all; trying again does not help. */
export class ServiceMissing extends Error {
  override readonly name = 'ServiceMissing';
}

/** The service was started and did not answer. */
export class ServiceNotStarted extends Error {
  override readonly name = 'ServiceNotStarted';
}

/** A command needs the service and it is not there. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
}

export const serviceErrors = {
  noSqlite: (nodeVersion: string): ServiceMissing =>
    new ServiceMissing(
      `This editor runs Node ${nodeVersion}, which has no SQLite. Tollgate's service needs VS Code 1.104 or newer; prices in the editor work without it.`,
    ),
  filesMissing: (path: string): ServiceMissing =>
    new ServiceMissing(`Tollgate's service is not in the extension (${path}). Install the extension again.`),
  exited: (outcome: string, logPath: string): ServiceNotStarted =>
    new ServiceNotStarted(`Tollgate's service did not start: ${outcome}. Its log is ${logPath}.`),
  silent: (seconds: number, logPath: string): ServiceNotStarted =>
    new ServiceNotStarted(`Tollgate's service did not answer within ${seconds} s. Its log is ${logPath}.`),
  unavailable: (): ServiceUnavailable =>
    new ServiceUnavailable('The Tollgate service is not running. Run “Tollgate: Restart Service” and try again.'),
  untrusted: (): ServiceUnavailable =>
    new ServiceUnavailable('Tollgate runs no service in a workspace that is not trusted. Trust it, then try again.'),
  noFolder: (): ServiceUnavailable =>
    new ServiceUnavailable('Tollgate counts per workspace. Open a folder, then try again.'),
};
