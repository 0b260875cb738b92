import { names } from './names.ts';

// The words that decide about prompts, in every language. Names are in the spelling of `identifierWords`.

/** Names that hold a prompt whatever they are used for. */
export const promptName = names({
  holds: 'prompt prompts instruction instructions sysprompt sys_prompt',
  ends: `system_message system_msg system_text system_content sys_msg user_message user_msg developer_message
         system_template user_template human_template
         human_message persona backstory system_instructions`,
});

/** Names with the word `prompt` that hold something about it, or a question to a person. */
export const notPromptName = names({
  ends: `file files filename path paths dir folder url uri name names id ids key keys type types kind hash version
         versions label title tokens token cost price placeholder ending toolkit session history size length len count
         error errors icon style color class schema model caching cache role language event status feedback ext
         extension mode description tooltip command log regex pattern confirm`,
  starts: 'expected actual revised',
  is: 'instructions_text more_choices_text input_prompt shell_prompt cmd_prompt cli_prompt login_prompt password_prompt confirm_prompt ps1_prompt',
});

/** Keys that carry LLM input where the call or object is one for an LLM. */
export const inputKey = names({
  is: `prompt input inputs content contents query question text message messages user_message user_input user_prompt system
       task goal backstory expected_output user_msg developer_message persona objective
       context negative_prompt initial_message template suffix prefix background system_content
       additional_instructions preamble criteria rubric append append_system_prompt custom_instructions output_instructions new_message`,
});

/** Of those, the keys that say it by themselves when the file is about LLMs. */
export const strongInputKey = names({ is: 'prompt system_message developer_message backstory' });

/** Keys and parameters by which something is asked, where the words ask. */
export const askedKey = names({
  is: `message query question input prompt task goal request user_input user_message user_query user_prompt user_request
       input_text question_text instruction`,
});

/** Beside a question its answer: data to judge by, or what a page tells its readers. */
export const answerKey = names({
  is: `answer answers correct_answer ground_truth ground_truths reference references expected* label labels options
       choices output outputs completion response gold target`,
});

/** Of those, the keys that are too common to say anything without a model or a call to one beside them. */
export const weakInputKey = names({
  is: `text context query question message messages goal task criteria rubric template suffix prefix background content contents input inputs`,
});

/** Callees that take LLM input and nothing else. */
export const promptCallee = names({
  is: `generate_text generate_text_* text_generation stream_text generate_object stream_object generate_image experimental_generate_image stream_ui
       generate_content* send_message send_message_* create_chat_completion chat_completion text_completion
       from_messages from_template from_prompt system_message human_message ai_message user_message assistant_message
       developer_message chat_message chat_message_content chat_prompt_template *_prompt_template prompt_template
       text_message acompletion completion create_agent create_react_agent create_tool_calling_agent tool_loop_agent
       experimental_agent assistant_agent user_proxy_agent conversable_agent chat_agent chat_completion_agent llm_agent
       claude_agent_options claude_code_options define_prompt define_agent run_sync run_streamed initiate_chat kickoff
       add_system_message add_user_message add_developer_message add_assistant_message ask_llm call_llm call_gpt
       ask_gpt ask_claude ask_openai query_llm llm_call invoke_prompt chat_prompt system_prompt user_prompt prompty
       with_system_message append_system_message from_user from_system from_assistant from_developer
       print_response aprint_response prompt_with_* get_completion* get_chat_completion* get_chat_response get_llm_response* generate_completion* call_claude
       call_openai query_gpt query_openai ask_agent run_agent* run_conversation ask_model query_model prompt_model
       call_model chat_with_* call_*gpt* call_*llm* call_anthropic* call_*claude* call_*gemini* call_*openai*
       image_generation_request *_image_request generate_image_* create_image* call_*groq* call_*mistral* call_*ollama* call_*bedrock* call_*deepseek*`,
});

/** Callees that take LLM input where the receiver says so. */
export const maybePromptCallee = names({
  is: `interact say talk run_and_get_result answer invoke ainvoke stream astream batch abatch predict apredict predict_messages complete acomplete stream_complete
       chat achat stream_chat run arun run_async run_stream query aquery ask prompt respond generate agenerate
       generate_async call acall create parse create_with_completion create_partial create_iterable send send_and_wait
       send_async step agent assistant task crew conversation get_response get_completion get_answer execute message reply
       add_message user system developer create_completion generate_response generate_answer beta edit responses completions`,
});

/** Receivers that are a model or a client of one. */
export const llmReceiver = names({
  ends: `llm llms model models chat chats agent agents assistant assistants openai open_ai anthropic claude gemini genai
         gpt mistral ollama groq cohere bedrock completion completions messages responses chain chains conversation thread
         threads runner bot chatbot ai copilot chat_model chat_engine query_engine kernel crew swarm message chat_message litellm together
         deepseek replicate runs predictor images speech session researcher llm_client rag`,
});

/** Models and agents that are called by themselves: `llm("…")`, `agent("…")`. */
export const calledModel = names({
  ends: 'llm chat_model agent chain chatbot bot runner assistant gpt claude gemini crew rag',
});

/** `build_agent("…")` takes a name. */
export const makingCallee = names({ starts: 'build create make get new init load setup register define' });

/** Functions named after a model that they speak to: `queryLLM`, `call_anthropic`, `generateChatTitle`. */
export const speaksToModel =
  /^(?!.*(?:error|log|print|show|display|render|parse|count|price|cost|token|key|config|format|valid|_to_))(?:.*_)?(?:llms?|gpt\d*|chat_?gpt|claude|anthropic|open_ai|openai|gemini|mistral|ollama|ai|rag|chat|completion|agent)(?:_.*)?$/;

/** Parameters that say LLM input where the function is of the same file. */
export const saidParameter = names({
  is: `query question user_input user_message user_query user_question user_request input_text input_query
       system_message system instruction task goal`,
});

/** What makes a model, an agent or a chain: `clerk = Agent(…)`, `chain = load_qa_chain(…)`. */
export const madeAsModel = names({
  is: `open_ai chat_open_ai azure_open_ai anthropic chat_* claude claude_* gemini ollama llama predict chain_of_thought re_act
       program_of_thought program pipeline conversation`,
  ends: `agent llm model chain crew team assistant bot chatbot runner chat_engine query_engine predictor chat lm`,
});

/** Functions named after the instructions they take: `useAssistantInstructions("…")`, `set_system_prompt("…")`. */
export const notPromptSetter = names({
  is: 'prompt prompts instruction instructions',
  starts:
    'show display confirm ask get load read fetch pull parse validate expect find select list print log test prompt',
  ends: 'error prompt_for',
});

/** Variables that stand for a model: what is added to them is said to it. */
export const spokenTo = names({ is: 'lm llm' });

/** A question to the person at the keyboard, and not to a model. */
export const askedOfPerson =
  /\b(?:continue|proceed|confirm|are you sure|overwrite|delete|remove|enter|type|select|choose|press|pick|your name|(?:provide|supply|give|specify) (?:your|us)|(?:your|the) (?:[\w-]+ )?(?:api key|token|password|email|username)|would you like|do you want|wish to)\b/i;

/** Callees that show text to a person, write it to a log, or look for it. */
export const shownCallee = names({
  is: `eprint* bail ensure anyhow expect unreachable unimplemented todo errorf fatalf logf debugf infof warnf panicf
       fprint* print* println printf puts log info warn warning error debug trace write write_line writeln echo secho input raw_input
       question confirm alert show_* toast* notify* throw* raise* *error *exception add_argument option argument
       add_parser argument_parser help describe it test before_each title markdown header subheader caption success
       fail failure skip skipif xfail placeholder set_title get_logger logger fatal critical panic exit abort usage
       epilog command add_command get_text console rprint pprint cprint display* render_* compile search match findall
       sub split join starts_with startswith ends_with endswith includes index_of open path resolve require
       import_module sql fetch get post put patch delete url goto locator get_by_* find_by_* query_selector*
       set_attribute sleep getenv get_env text_area text_input selectbox button chat_input write_stream panel
       add_text set_description log_* text_field tooltip option_parser localize t l10n`,
});

/** Keys whose text describes, or is shown to a person. */
export const shownKey = names({
  is: `description title label placeholder place_holder help help_text tooltip error error_message name id url href src alt
       class_name class style icon summary comment note notes docs doc documentation detail reason hint subtitle heading
       caption path file filename regex pattern key type command cmd usage epilog metavar aria_label test message_id
       license author homepage sql html css cwd env markdown_description deprecation_message deprecated argument_hint
       thrown expected warning log status status_text button_text footer header display_name expected_response`,
});

/** Keys beside `prompt` or `message` in a question to a person. */
export const personKey = names({
  is: `place_holder placeholder ignore_focus_out password validate_input validate default_value initial_value
       can_pick_many choices value_selection mask when on_cancel hide_input confirmation_prompt show_default`,
});

/** Keys beside `message` where it is said of an error or an event, and not to a model. */
export const reportKey = names({ is: 'error errors code status status_code timestamp level severity ok success' });

/** Keys of message objects that carry the text. */
export const contentKey = names({ is: 'content contents text parts' });

export const messageRole = /^(?:system|developer|user|human|assistant|ai|model|tool|function)$/i;

/** JSX elements whose text is LLM input. */
export const promptElement = /^(?:\w*(?:Message|Prompt|Instructions?))$/;

const words = (text: string): string => text.trim().split(/\n\s*/).join('|');

/** How instructions to a model begin: enough where a name or the file speaks of prompts. */
export const directive = new RegExp(
  `^\\W*(?:${words(`
    you(?:['’]re| are| will| must| have| should| can| need| only)\\b
    your (?:task|job|role|goal|name|purpose|mission|objective|primary|responsibilit)
    act as\\b
    as an? (?:ai|expert|assistant|experienced|helpful|senior|language)\\b
    given (?:the|a|an|this|these|two)\\b
    i (?:want|need|would like) you to\\b
    (?:imagine|pretend|assume) (?:you|that|the role)\\b
    (?:answer|summari[sz]e|translate|classify|extract|rewrite|respond|identify|determine|analy[sz]e|evaluate)\\b
    (?:generate|write|create|provide|compose|produce) (?:a|an|the|me|\\d+|\\w+)\\b
    (?:use|based on|read|consider|review) the\\b
    (?:below|here) (?:is|are)\\b
    (?:think step|let['’]?s think)\\b
  `)})`,
  'i',
);

/** `You are a friendly assistant`: who the model is to be, in a few words. */
export const spokenRole =
  /^\W*you(?:['’]re| are) (?:an? |the )(?:[\w-]+ ){0,5}(?:assistant|agent|expert|chatbot|bot|translator|tutor|analyst|engineer|developer|writer|teacher|judge|planner|specialist|reviewer|critic)\b/i;

/** Text that cannot be anything but a prompt, wherever it stands. */
export const unmistakable = new RegExp(
  `^\\W*(?:${words(`
    you are (?:an?|the|now|chat\\w*|claude|gpt\\w*|helpful|acting|responsible|tasked|playing|\\w+ing (?:an?|the)|[A-Z]\\w+, an?)\\b
    you['’]re an?\\b
    your (?:task|job|role|goal|mission) is\\b
    act as an?\\b
    as an ai\\b
    as an? [\\w-]+(?: [\\w-]+)?, you
    i want you to\\b
    given the following\\b
    answer the (?:question|following|user)\\b
    use the following (?:pieces|context|documents?)\\b
    you will be (?:given|provided)\\b
  `)})`,
  'i',
);
