import { names } from './names.ts';

// The words that decide about model mentions, in every language. Names are in the spelling of `identifierWords`.

/** Variables, properties, keyword arguments and environment variables that select a model. */
export const modelName = names({
  is: `engine deployment deployment_name deployment_id azure_deployment* fallback fallbacks gpt_version gpt
       model_for model_for_* models_for_* model_by_* models_by_* model_map model_to_use model_used llm_for_* model_\\d+ *_engine_id`,
  ends: `model models llm llms model_id model_ids model_name model_names llm_name llm_model model_slug model_string
         model_str model_key model_version model_type model_default default_model_* model_list model_fallback
         model_fallbacks model_small model_large model_fast model_cheap model_smart model_primary model_secondary
         model_main model_backup model_candidates model_override deployment deployment_name deployment_id deployment_model chat_engine`,
  starts:
    'azure_openai_deployment default_model fallback_model fallback_models chat_model embedding_model completion_model',
});

/** Names of variables that stand for a model where they hold the whole id of one. */
export const modelVariable = names({ holds: 'llm llms model models embedding embeddings embed embbeddings' });

/** What a model is taken for: names that select one where they hold the whole id of one. */
export const partOfModel = names({
  is: `judge grader evaluator critic embedding embedder reranker summarizer summariser planner router_llm translator
       classifier extractor generator critic_llm vision`,
});

/** Names like the above that hold something else. */
export const notModelName = names({
  ends: `dir path file url config class provider cls cache folder data price prices pricing cost costs info prefix
         suffix regex pattern label title description display icon error count dump output schema column column_name
         table table_name index_name collection collection_name dataset dataset_name field field_name`,
  starts: 'display car view data response resolved',
});

/** Collections that list models without choosing one. */
export const catalogueName = names({
  holds: `all known supported support supports available valid allowed deprecated legacy pricing price prices cost
          costs limit limits window windows size sizes info infos metadata details spec specs catalog catalogue
          registry capabilities options choices alias aliases mapping mappings display label labels icon icons with
          without by per of encoding encodings tokenizer tokenizers max context pattern patterns family families
          series vision reasoning thinking multimodal incompatible compatible excluded exclude denied blocked
          expected mock`,
});

/**
 * Where a name holds one string, what stands before `model` says what the model is for (`VISION_MODEL`, `SUPPORT_MODEL`),
 * unless it says that it is none to use.
 */
export const purposeOfModel =
  /^(?!.*(?:expected|mock|deprecated|legacy|unsupported|invalid|known|supported|blocked|excluded|denied|all)_).*_(?=(?:model|llm)(?:_|$))/;

/** Keys that stand beside a model in a price table or a catalogue, and not in a call. */
export const catalogueKey = names({
  is: `input_price* output_price* input_cost* output_cost* *_price *_price_* price pricing *_cost *_cost_* cost
       context context_window* context_length* context_size context_limit *_context_window* max_context*
       max_completion_tokens_* max_input_tokens display_name display label title regex icon badge supports_* supported_*
       capabilit* recommended_* knowledge_* release* deprecat* tier family parameter_count owned_by architecture
       base_model emoji group operation latency* duration* elapsed* prompt_length response_length input_length output_length timestamp accuracy
       modalit* token_limit quantization alias aliases tokenizer encoding is_* has_* *_link image_input hosted_id`,
});

/** Keys of a request to a model. */
export const requestKey = names({
  is: `messages prompt prompts input inputs system system_prompt system_instruction system_message instructions
       instruction contents temperature top_p max_tokens max_output_tokens max_completion_tokens max_retries max_steps
       tools tool_choice response_format response_model response_mime_type stream stream_options stop seed reasoning
       reasoning_effort thinking thinking_config provider_options voice dimensions output_type handoffs stop_when
       api_key base_url generation_config safety_settings betas mcp_servers allowed_tools file quality values
       sub_agents experimental_* callbacks extra_body extra_headers num_ctx keep_alive generate_args client model_kwargs`,
});

/** Keys of a reply: what stands beside them was made up by a fixture, not sent. */
export const replyKey = names({
  is: `choices finish_reason stop_reason usage completion_tokens prompt_tokens total_tokens input_tokens output_tokens
       logprobs object usage_metadata response_id system_fingerprint candidates response_metadata generation_info stop_sequence raw_finish_reason
       warnings created created_at results id`,
});

/** Functions that choose a model by their argument, whatever the file. */
export const modelCallee = names({
  is: `generative_model init_chat_model get_*model get_*llm create_*model create_*llm load_*model load_*llm use_model
       set_*model set_*llm with_model with_llm select_model chat_open_ai chat_anthropic chat_google* chat_ollama
       chat_groq chat_mistral* chat_bedrock* chat_vertex* chat_fireworks chat_together chat_xai chat_deep_seek
       chat_cohere embedder *_embedder azure_chat_open_ai azure_chat_* chat_open_ai_* chat_openai* *_embeddings from_provider lm llm completion acompletion embedding
       text_embedding text_embedding_model retrieve`,
  ends: 'model models llm llms model_id model_name provider',
});

/** Providers of the AI SDK and its kin, called with the model id: `openai('gpt-5')`, `openai.chat('gpt-5')`. */
export const providerCallee = names({
  is: `openai open_ai anthropic google google_generative_ai vertex google_vertex vertex_anthropic azure azure_openai
       amazon_bedrock bedrock bedrock_anthropic mistral cohere groq xai deepseek togetherai together_ai together
       fireworks deepinfra deep_infra cerebras perplexity replicate openrouter open_router ollama gateway lmstudio
       openai_compatible moonshotai alibaba minimax huggingface hugging_face baseten vercel provider my_provider
       google_ai googleai vertex_ai nvidia sambanova voyage volcengine zhipu qwen dashscope nebius novita hyperbolic
       portkey litellm github_models create_open_ai create_openai* create_anthropic create_google* create_azure create_mistral
       create_groq create_xai create_x_ai create_amazon_bedrock create_vertex* create_open_router create_openrouter
       create_ollama create_gateway create_deep_seek create_cohere create_cerebras create_fireworks create_together_ai`,
});

/** Classes of agent frameworks that stand for a provider's model and take its id as `id`. */
export const modelClass = names({
  starts: `open_ai openai azure anthropic claude gemini google groq mistral ollama aws_bedrock bedrock deep_seek x_ai cohere
           together fireworks open_router perplexity nvidia llama cerebras vertex_ai hugging_face dash_scope lite_llm
           sambanova deep_infra lm_studio vllm portkey`,
});

/** Classes whose `from_pretrained` names a model that a service runs. */
export const hostedModel = names({
  is: `text_embedding_model text_generation_model chat_model code_chat_model code_generation_model generative_model
       image_generation_model multi_modal_embedding_model`,
});

/** Functions that put what they are given into a collection. */
export const collectingCallee = names({ is: 'push append insert register* define* add add_*' });

/** Lists of models of which one is taken in turn. */
export const chosenList = names({
  holds: 'fallback fallbacks preferred candidate candidates priority backup',
});

/** A model that one object describes and a name says is used: `DEFAULT_MODEL = { id: "gpt-4o", provider: "OpenAI" }`. */
export const chosenModel = names({
  starts: 'default selected chosen current active initial fallback',
});

/** Functions that only ask or tell something about the model named, or that are a test's own words. */
export const refusedModelCallee = names({
  is: `encoding encoding_for_model get_encoding* encoding_name_for_model from_tiktoken_encoder num_tokens* count_* token_count*
       tool structured_tool tokenize tokenizer estimate_* calculate_* compute_* get_*cost get_*price get_*pricing get_*limit get_*context*
       get_*info get_max* get_*encoder get_*tokenizer get_*provider get_*family get_*label get_*icon get_*display*
       get_*window get_*capabilit* cost_* price_* print println log info warn warning error debug write write_line echo
       starts_with start_with end_with startswith ends_with endswith includes contains include index_of find match search test fullmatch
       replace split join has equals equal to_be to_equal add delete remove pop describe it expect assert* should*
       is_* has_* supports* check_* validate* parse* normalise* normalize* format* lookup* map_* to_* strip* extract_*
       register* literal enum union one_of param parametrize parameterize raise* throw* exception *error skip* xfail
       *mock* *fake* *stub* mark html markdown title header label option text button select selectbox get_by_* find_* set_alias url path
       open read_file require import_module patch mock* spy_on from_pretrained len sorted delenv object_id stub_env`,
});

/** Calls that hand a default on to what they are assigned to: `model: str = Field("gpt-4o")`. */
export const defaultCallee = names({
  is: `string string_p string_var string_var_p unwrap_or *_or_default env_or get_property field fetch default get getenv get_env env environ setting config config_value get_or_default getattr setdefault
       add_argument option argument prefault or_else value_or string_env get_string get_setting get_config str
       optional variable input_string get_value state use_state ref signal text_input parameter var`,
});

/** Assertions and mocks: whatever is inside is expected, not sent. */
export const assertionCallee = names({
  is: `verify co_verify every co_every count_tokens expect assert* to_be* to_equal* to_strict_equal to_match* to_contain* to_have* to_throw* should* deep_equal
       deep_strict_equal strict_equal not_equal equal is same called_with called_once_with assert_called_*
       mock_return_value* mock_resolved_value* simple_namespace *mock*_response* *fake*_response* *mock*_message*
       *fake*_message*`,
});
