// Shares as the console's language writes them.
const SHORT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const ALWAYS_TENTHS = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** As short as shares can be told apart: `0.5%`, `2%`, `13%`. */
export const percent = (share: number): string => (share > 0 && share < 0.1 ? TENTHS : SHORT).format(share);

/** `94.7%`, `95%`. */
export const toTenths = (share: number): string => TENTHS.format(share);

/** `95.0%`: figures that stand below each other. */
export const alwaysTenths = (share: number): string => ALWAYS_TENTHS.format(share);
