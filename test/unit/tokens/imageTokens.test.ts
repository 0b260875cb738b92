import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { imageSizeOf } from '../../../src/tokens/imageSize.ts';
import { imageTokens, mostImageTokens, type PromptImage } from '../../../src/tokens/imageTokens.ts';
import { catalog, known } from '../catalog/priceData.ts';

const size = (width: number, height: number): PromptImage => ({ size: { width, height } });

test('OpenAI by tiles: the examples of its guide', () => {
  const cases: [string, PromptImage, number][] = [
    ['gpt-4o', size(1024, 1024), 765],
    ['gpt-4o', size(2048, 4096), 1105],
    ['gpt-4o', { ...size(4096, 8192), detail: 'low' }, 85],
    ['gpt-4o', size(512, 512), 255],
    ['gpt-4o-mini', size(1024, 1024), 2833 + 4 * 5667],
    ['gpt-5', size(1024, 1024), 70 + 4 * 140],
    ['o3', size(1024, 1024), 75 + 4 * 150],
    ['gpt-4.1', size(1024, 1024), 765],
  ];
  for (const [id, image, tokens] of cases) assert.equal(imageTokens(known(id), image), tokens, id);
});

test('OpenAI by patches: the examples of its guide', () => {
  // 1024 × 1024 is 1,024 patches; 1800 × 2400 is shrunk to 1056 × 1408, which is 1,452
  assert.equal(imageTokens(known('gpt-4.1-mini'), size(1024, 1024)), Math.ceil(1024 * 1.62));
  assert.equal(imageTokens(known('gpt-5-mini'), size(1800, 2400)), Math.ceil(1452 * 1.62));
  assert.equal(imageTokens(known('gpt-5-nano'), size(64, 33)), Math.ceil(4 * 2.46));
  assert.equal(imageTokens(known('o4-mini'), size(32, 32)), 2);
});

test('Anthropic by patches, up to what the model sees', () => {
  assert.equal(imageTokens(known('claude-sonnet-4-5'), size(1092, 1092)), 39 * 39);
  assert.equal(imageTokens(known('claude-sonnet-4-5'), size(200, 200)), 64);
  assert.equal(imageTokens(known('claude-sonnet-4-5'), size(4000, 3000)), 1568);
  assert.equal(imageTokens(known('claude-opus-4-7'), size(2000, 1500)), 72 * 54);
  assert.equal(imageTokens(known('claude-opus-4-7'), {}), 4784);
});

test('Gemini by tiles', () => {
  assert.equal(imageTokens(known('gemini-2.5-flash'), size(384, 384)), 258);
  assert.equal(imageTokens(known('gemini-2.5-flash'), size(960, 540)), 6 * 258);
  assert.equal(imageTokens(known('gemini-3-pro-preview'), size(960, 540)), 1120);
});

test('no image of any model counts as nothing, or as more than the most', () => {
  const models = fc.constantFrom(...catalog.models());
  const sizes = fc.option(
    fc.record({ width: fc.integer({ min: 1, max: 20_000 }), height: fc.integer({ min: 1, max: 20_000 }) }),
    {
      nil: undefined,
    },
  );
  fc.assert(
    fc.property(models, sizes, (model, of) => {
      const tokens = imageTokens(model, of === undefined ? {} : { size: of });
      assert.ok(Number.isInteger(tokens) && tokens > 0 && tokens <= mostImageTokens, `${model.id}: ${tokens}`);
    }),
    { numRuns: 500 },
  );
});

test('sizes are read from the headers of PNG, JPEG, GIF and WebP', () => {
  const png = Buffer.alloc(24);
  png.writeUInt32BE(0x89504e47, 0);
  png.writeUInt32BE(640, 16);
  png.writeUInt32BE(480, 20);
  const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0x2c, 0x01, 0xc8, 0x00])]);
  const jpeg = Buffer.from([
    0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc4, 0, 2, 0xff, 0xc2, 0, 17, 8, 0x02, 0x58, 0x03, 0x20, 3, 0,
  ]);
  const webp = Buffer.alloc(30);
  webp.write('RIFF', 0, 'latin1');
  webp.write('WEBPVP8X', 8, 'latin1');
  webp.writeUIntLE(1919, 24, 3);
  webp.writeUIntLE(1079, 27, 3);
  const read = (bytes: Buffer) => imageSizeOf(`data:image/x;base64,${bytes.toString('base64')}`);
  assert.deepEqual(read(png), { width: 640, height: 480 });
  assert.deepEqual(read(gif), { width: 300, height: 200 });
  assert.deepEqual(read(jpeg), { width: 800, height: 600 });
  assert.deepEqual(read(webp), { width: 1920, height: 1080 });
  assert.equal(imageSizeOf('not an image'), undefined);
  assert.equal(imageSizeOf(''), undefined);
});

test('no bytes make the header reader fail', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('', 'GIF89a', '\xff\xd8\xff\xc0', '\x89PNG'),
      (bytes, head) => {
        const found = imageSizeOf(Buffer.concat([Buffer.from(head, 'latin1'), bytes]).toString('base64'));
        assert.ok(found === undefined || (found.width > 0 && found.height > 0));
      },
    ),
    { numRuns: 500 },
  );
});
