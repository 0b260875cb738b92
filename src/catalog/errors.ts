/** The price data are not what `media/PRICES.md` describes. `at` is the path of the first wrong value. */
export class PriceDataInvalid extends Error {
  readonly at: string;

  constructor(at: string, expected: string) {
    super(`The price data cannot be used: ${at} must be ${expected}. Reinstall Tollgate, or point it at a valid file.`);
    this.name = 'PriceDataInvalid';
    this.at = at;
  }
}
