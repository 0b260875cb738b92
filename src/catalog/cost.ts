/**
 * Money a call was billed or is estimated at. 1 picodollar = 1e-12 USD, so that one token at $1 per million is 1e6.
 * A row's figure is an integer below 2^53 ($9,007); sums of rows are `bigint`.
 */
export type Cost =
  | { readonly status: 'exact'; readonly picoUsd: number; readonly priceId: string }
  | { readonly status: 'estimated'; readonly picoUsd: number; readonly priceId: string; readonly reason: string }
  | { readonly status: 'unpriced'; readonly reason: string }
  | { readonly status: 'notBilled'; readonly reason: string };

export type CostStatus = Cost['status'];
