import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DebugConfiguration, debug, ProcessExecution, Task, TaskScope, tasks, workspace } from 'vscode';
import { eventually } from './editor.ts';

export type Environment = Readonly<Record<string, string>>;

/** Variables that Tollgate has to do with. */
function ours(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^(OPENAI_|ANTHROPIC_|TOLLGATE$)/.test(name)));
}

/** @param run starts a program with the script; the script leaves what it was given in a file */
async function environmentOf(run: (script: string) => Promise<void>): Promise<Environment> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-env-'));
  const out = join(folder, 'env.json');
  const script = join(folder, 'print.cjs');
  const write = `fs.writeFileSync(${JSON.stringify(`${out}.part`)}, JSON.stringify(process.env))`;
  const move = `fs.renameSync(${JSON.stringify(`${out}.part`)}, ${JSON.stringify(out)})`;
  writeFileSync(script, `const fs = require('node:fs'); ${write}; ${move};`);
  try {
    await run(script);
    await eventually('output of the program', () => (existsSync(out) ? true : undefined));
    const env: Environment = JSON.parse(readFileSync(out, 'utf8'));
    return ours(env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The environment that a task is given, which is that of new terminals. */
export function environmentOfTask(): Promise<Environment> {
  return environmentOf(async (script) => {
    const folder = workspace.workspaceFolders?.[0];
    const execution = new ProcessExecution('node', [script]);
    const task = new Task({ type: 'process' }, folder ?? TaskScope.Workspace, 'print environment', 'test', execution);
    const ended = new Promise<void>((done) => {
      const listener = tasks.onDidEndTaskProcess((event) => {
        if (event.execution.task.name !== task.name) return;
        listener.dispose();
        done();
      });
    });
    await tasks.executeTask(task);
    await ended;
  });
}

/** The environment that a program under Node's debugger is given. */
export function environmentOfDebugSession(configuration: Partial<DebugConfiguration> = {}): Promise<Environment> {
  return environmentOf(async (program) => {
    await debug.startDebugging(workspace.workspaceFolders?.[0], {
      type: 'node',
      request: 'launch',
      name: 'print environment',
      program,
      ...configuration,
    });
  });
}
