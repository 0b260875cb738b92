/** What `tollgate batch --help` prints. */
export const batchHelp = `Usage: tollgate batch plan FILE… [--model M] [--keep-duplicates]
       tollgate batch submit FILE… | --retry JOB [--try] [--max-usd N] [--partial] [--wait]
       tollgate batch status [JOB…] [--wait]
       tollgate batch collect [JOB…] [--wait]
       tollgate batch cancel JOB…

Answers prompt files by the providers' batch APIs, at batch price, with each answer beside its prompt. FILE is a prompt
file (.md, .txt, .prompt, .prompty, .prompt.md, .prompt.yml, promptfoo), a set of batch requests (.jsonl of OpenAI or
Anthropic, .json of Anthropic), a folder, or a quoted pattern ('prompts/**/*.md'). Jobs are those of the editor: both
use the service that runs, or start one for as long as the command does. A job that was submitted goes on at the
provider; status and collect take it up again, also after a crash. Keys come from the environment (apiKey "env:NAME" in
tollgate.jsonc) where no editor has stored them.

  plan               what would be sent: items, tokens, prices, duplicates, which files cannot be, and what stands in the way
  submit             plans, prints the plan, and submits it
    --retry JOB      instead of files: what of an ended job has no answer
    --try            run one request first, at standard price; go on only if it was answered
    --max-usd N      submit nothing whose upper bound is above N dollars, or has none
    --partial        submit what can be sent although some files cannot
  status             jobs of this workspace, newest first
  collect            fetches results now, and writes deleted ones again
  cancel             asks the provider to stop; what was answered by then is kept and billed

  --model M          model or alias of files that name none
  --keep-duplicates  also send what is asked twice or was answered before
  --wait             until the jobs have ended and their results are here
  --timeout N        wait no longer than N seconds
  --json             one JSON value on standard output
  --config FILE      the configuration (default: the nearest tollgate.jsonc)
  --data DIR         where jobs are kept (default: TOLLGATE_HOME, else the user's data folder)

Exit codes: 0 done, 1 something was refused, failed or expired, 2 wrong arguments, 4 not ended yet.
`;
