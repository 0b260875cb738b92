import { test } from 'node:test';
import { walkAsNewUser } from '../support/newUserWalk.ts';
import { openVscode } from '../support/vscodeFixture.ts';

test('a new user sees prices, makes an alias, meters a program, reads the panel and gets a batch back', async () => {
  const vscode = await openVscode('newUser');
  try {
    await walkAsNewUser(vscode);
  } finally {
    await vscode.close();
  }
});
