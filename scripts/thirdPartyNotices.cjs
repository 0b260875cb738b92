// The licences of what is bundled, as they ask to be handed on with every copy.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const packageOf = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/**
 * @param {Iterable<string>} files paths below node_modules whose text or bytes are shipped
 * @returns {string} name, version and licence text of each package once, by name
 */
function thirdPartyNotices(files) {
  const folders = new Map();
  for (const file of files) {
    const match = packageOf.exec(file);
    if (match) folders.set(match[1], file.slice(0, match[0].length));
  }
  const entries = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, folder]) => notice(folder));
  return `Tollgate contains the following software.\n\n${entries.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:[.-]|$)/i.test(entry));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
  if (text === undefined && !license) throw new Error(`${name} ${version} names no licence: it cannot be shipped`);
  return `${name} ${version}\n\n${text ?? `Licence: ${license}`}\n`;
}

module.exports = { thirdPartyNotices };
