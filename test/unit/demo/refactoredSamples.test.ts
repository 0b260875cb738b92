import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { mapLanguage } from '../../../src/advice/mapLanguage.ts';
import { applyEdits, planAliasEdit } from '../../../src/advice/planAliasEdit.ts';
import { addAliasToConfig } from '../../../src/config/addAliasToConfig.ts';
import { modelMapNames } from '../../../src/config/modelMapNames.ts';
import { parseConfigFile } from '../../../src/config/parseConfigFile.ts';
import { renderModelMap } from '../../../src/config/renderModelMap.ts';
import { resolveConfig } from '../../../src/config/resolveConfig.ts';
import { realDetector } from '../../support/detector.ts';
import { type HeadlessService, startHeadlessService } from '../../support/headlessService.ts';

const root = resolve(import.meta.dirname, '../../..');
const python = spawnSync('python3', ['--version']).status === 0;

/** Below the project, so that the sample finds the project's `openai`. */
function copySample(): string {
  mkdirSync(join(root, 'test-results'), { recursive: true });
  const folder = mkdtempSync(join(root, 'test-results', 'refactored-'));
  cpSync(join(root, 'demo', 'workspace'), folder, { recursive: true });
  return folder;
}

/** What a click on the lens does to a sample's file, by the same functions. */
async function refactor(folder: string, file: string, languageId: string, alias: string, target: string) {
  const path = join(folder, file);
  const source = { languageId, path, text: readFileSync(path, 'utf8') };
  const detector = realDetector();
  const mentions = (await detector.detect(source)).filter((finding) => finding.kind === 'model');
  detector.dispose();
  const configPath = join(folder, 'tollgate.jsonc');
  const configText = addAliasToConfig(readFileSync(configPath, 'utf8'), alias, target);
  writeFileSync(configPath, configText);
  const { config } = resolveConfig([parseConfigFile(configText, 'workspace').layer], { trusted: true });
  const language = mapLanguage(source);
  assert.ok(language);
  const map = renderModelMap(language, config.aliases);
  writeFileSync(join(folder, map.fileName), map.text);
  const member = modelMapNames(language, Object.keys(config.aliases)).get(alias);
  assert.ok(member);
  const module = { path: join(folder, map.fileName), member };
  const plan = planAliasEdit({ source, mentions, alias, mode: 'portable', map: module });
  assert.ok(plan.kind === 'edit');
  const text = applyEdits(source.text, plan.files[0]?.edits ?? []);
  assert.ok(text.includes(`models.${member}`) && !/['"]gpt-4o/.test(text), text);
  writeFileSync(path, text);
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, errors);
  return output.trim();
}

describe('the sample programs with their models behind aliases run with and without Tollgate', () => {
  const provider = new LLMock({ port: 0, host: '127.0.0.1' });
  let folder: string;
  let service: HeadlessService;

  before(async () => {
    provider.onMessage(/parcel/i, { content: 'late' });
    await provider.start();
    folder = copySample();
    await refactor(folder, 'answer.mjs', 'javascript', 'quality', 'openai/gpt-4o');
    await refactor(folder, 'classify.py', 'python', 'labels', 'openai/gpt-4o-mini');
    service = await startHeadlessService({
      config: {
        providers: { openai: { dialect: 'openai', baseUrl: `${provider.url}/v1` } },
        aliases: { quality: { targets: ['openai/gpt-4o'] }, labels: { targets: ['openai/gpt-4o-mini'] } },
      },
    });
  });
  after(async () => {
    assert.equal(await service.stop(), 0);
    await provider.stop();
    rmSync(folder, { recursive: true });
  });

  const node = (env: Record<string, string>): Promise<string> => {
    const program = "import { answer } from './answer.mjs'; console.log(await answer('Where is my parcel?'));";
    return run(process.execPath, ['--input-type=module', '--eval', program], folder, env);
  };
  const py = (env: Record<string, string>): Promise<string> =>
    run('python3', ['classify.py', 'My parcel is late'], folder, env);
  const lastModel = (): unknown => provider.getRequests().at(-1)?.body?.model;
  const directly = (): Record<string, string> => ({
    OPENAI_BASE_URL: `${provider.url}/v1`,
    OPENAI_API_KEY: 'sk-of-the-program',
  });
  const throughTollgate = (): Record<string, string> => ({
    TOLLGATE: '1',
    OPENAI_BASE_URL: `${service.url}/t/${service.token}/v1`,
    OPENAI_API_KEY: 'sk-of-the-program',
  });

  test('Node, straight to the provider', async () => {
    assert.equal(await node(directly()), 'late');
    assert.equal(lastModel(), 'gpt-4o');
  });

  test('Node, through Tollgate: the alias arrives there and its model at the provider', async () => {
    assert.equal(await node(throughTollgate()), 'late');
    assert.equal(lastModel(), 'gpt-4o');
  });

  test('Python, straight to the provider', { skip: !python && 'there is no python3' }, async () => {
    assert.equal(await py(directly()), 'late');
    assert.equal(lastModel(), 'gpt-4o-mini');
  });

  test('Python, through Tollgate', { skip: !python && 'there is no python3' }, async () => {
    assert.equal(await py(throughTollgate()), 'late');
    assert.equal(lastModel(), 'gpt-4o-mini');
  });

  test('a bare alias works only through Tollgate', async () => {
    const program =
      "import OpenAI from 'openai'; const r = await new OpenAI({ maxRetries: 0 }).chat.completions.create({ model: 'labels', messages: [{ role: 'user', content: 'parcel' }] }); console.log(r.choices[0].message.content);";
    assert.equal(
      await run(process.execPath, ['--input-type=module', '--eval', program], folder, throughTollgate()),
      'late',
    );
    assert.equal(lastModel(), 'gpt-4o-mini');
    await run(process.execPath, ['--input-type=module', '--eval', program], folder, directly());
    assert.equal(lastModel(), 'labels');
  });
});
