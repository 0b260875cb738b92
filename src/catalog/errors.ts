/** The price data are not what `media/PRICES.md` describes. `at` is the path of the first wrong value. */
export class PriceDataInvalid extends Error {
  readonly at: string;

  constructor(at: string, expected: string) {
    super(`The price data cannot be used: ${at} must be ${expected}. Reinstall Tollgate, or point it at a valid file.`);
    this.name = 'PriceDataInvalid';
    this.at = at;
  }
}

/** Prices could not be fetched or are not to be used. The message names the remedy. */
export class PricesNotUpdated extends Error {
  constructor(problem: string, remedy: string) {
    super(`Prices were not updated: ${problem} ${remedy} The prices in use stay.`);
    this.name = 'PricesNotUpdated';
  }
}

export function pricesUnreachable(source: string, reason: string): PricesNotUpdated {
  return new PricesNotUpdated(
    `${source} could not be read (${reason}).`,
    'Check "tollgate.prices.url" and the network.',
  );
}

export function pricesTooLarge(source: string, maxBytes: number): PricesNotUpdated {
  return new PricesNotUpdated(
    `${source} is larger than ${Math.round(maxBytes / 1e6)} MB.`,
    'Point "tollgate.prices.url" at a price file.',
  );
}

export function pricesInvalid(source: string, at: string): PricesNotUpdated {
  return new PricesNotUpdated(
    `${source} is no price file (wrong at ${at}).`,
    'Its format is described in media/PRICES.md of the extension.',
  );
}

export function pricesUrlInvalid(url: string): PricesNotUpdated {
  return new PricesNotUpdated(
    `"${url}" is neither an https address nor the absolute path of a file.`,
    'Correct "tollgate.prices.url".',
  );
}
