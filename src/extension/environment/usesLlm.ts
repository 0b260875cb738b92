/** Packages whose presence among a project's dependencies means that it calls a model. */
const packages =
  /(?<![\w-])(openai|@?anthropic(-ai)?|langchain[\w-]*|llama[-_]index[\w-]*|litellm|ai-sdk|@ai-sdk|instructor|pydantic[-_]ai|dspy(-ai)?|autogen[\w-]*|crewai|semantic[-_]kernel|go-openai)(?![\w-])/i;

/** Whether a dependency file names a model provider's SDK or a framework over them. */
export function usesLlm(dependencyFile: string): boolean {
  return packages.test(dependencyFile);
}

/** Where dependencies are listed, as a glob. */
export const dependencyFiles =
  '**/{package.json,requirements*.txt,pyproject.toml,Pipfile,setup.cfg,environment.yml,go.mod,Gemfile,Cargo.toml,pom.xml,build.gradle,build.gradle.kts,composer.json}';
