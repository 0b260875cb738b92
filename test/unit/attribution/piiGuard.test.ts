import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPii } from '../../../src/attribution/piiGuard.ts';

const personal: readonly (readonly [string, string])[] = [
  ['email', 'jane.doe+test@mail.example.co.uk'],
  ['email', 'user=jane@example.org;x'],
  ['phone', '+49 30 901820'],
  ['phone', '+1 (212) 555-0123'],
  ['phone', '(030) 1234 5678'],
  ['phone', '0171-555-12345'],
  ['phone', '030 9018201'],
  ['phone', '01.23.45.67.89'],
  ['card', '4111 1111 1111 1111'],
  ['card', '5500-0000-0000-0004'],
  ['card', '378282246310005'],
  ['iban', 'DE89 3704 0044 0532 0130 00'],
  ['iban', 'GB82WEST12345698765432'],
  ['ip', '192.168.1.20'],
  ['ip', 'host 10.0.0.1 down'],
  ['ip', '2001:db8:85a3::8a2e:370:7334'],
  ['ip', 'fe80:0:0:0:200:f8ff:fe21:67cf'],
  ['jwt', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'],
  ['key', 'sk-proj-abcdefghijklmnop1234'],
  ['key', 'AKIAIOSFODNN7EXAMPLE'],
  ['key', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
  ['key', 'AIzaSyA-1234567890abcdefghijklmnopqrstu'],
];

for (const [kind, text] of personal)
  test(`${text} is ${kind}`, () => {
    assert.equal(findPii(text), kind);
  });

const harmless = [
  'checkout',
  'feature/JIRA-1234-add-cart',
  'env=dev',
  '2026-11-23',
  '2026-11-23 18:05:09',
  '12:30:45',
  '1732387200000',
  '1732387200',
  'v1.2.3',
  '1.2.3',
  '10.0.0',
  '999.999.999.999',
  'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  '9cfa5e4a0c1b2d3e4f5a6b7c8d9e0f1a2b3c4d5e',
  'src/rag.ts:88:answer',
  'team@',
  'a@b',
  'sk-short',
  '4111 1111 1111 1112',
  'DE00 3704 0044 0532 0130 00',
  'gpt-4o-2024-08-06',
  'std::vector',
  'port 8080',
  'build 20261123.4',
];

for (const text of harmless)
  test(`${text} is nothing personal`, () => {
    assert.equal(findPii(text), undefined);
  });
