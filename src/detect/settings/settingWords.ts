import { names } from '../rules/names.ts';

/** Keys of a row of results: the model beside them was measured, not chosen. */
export const recordKey = names({
  is: `score scores accuracy pass_rate* percent_* elapsed* latency* duration* timestamp rank elo votes wins losses
       total_cost total_tokens total_duration tokens_used tokens_in tokens_out tokens_per_second cost_usd pass_num_* precision recall f1 benchmark_results
       created_at updated_at released release_date`,
});

/** Keys of a row that says how a model is reached: it is there to be used, whatever it is called on a screen. */
export const accessKey = names({
  is: `provider providers api_key api_base base_url endpoint api_version api_type deployment* model_provider request_options
       completion_options organization region key_env litellm_params temperature max_tokens`,
});

/** Keys of a price list, which stays one however its models are reached. */
export const priceKey = names({ holds: 'price prices pricing cost costs context_window context_length' });
