// Figures of a six-month study of the Sharee customers, beside which a space's own are drawn (kpi_benchmarks).

import { COLOURS } from "./model.mjs";

/** Which of them the study gives. */
const GIVEN = {
  contents_per_weekday: ["best", "mean", "lowest"],
  content_usage_rate: ["best", "mean"],
  active_sharer_ratio: ["best", "mean", "lowest"],
  clicks_per_content: ["best", "mean", "lowest"],
  clicks_per_share: ["best", "lowest"],
};

/** The study's figures of a KPI as columns, the best first. */
export const study = (kpi) => GIVEN[kpi].map((word) => `(SELECT any(${word}) FROM kpi_benchmarks WHERE kpi = '${kpi}') AS \`Study: ${word}\``);

/** What every description says that shows them. */
export const STUDY_NOTE = "Beside it the mean, best and lowest of a six-month study of the Sharee customers, from start-ups to large groups, as far as it gives them.";

export const STUDY_COLOURS = {
  "This period": COLOURS.own,
  "This space": COLOURS.own,
  "Period before": COLOURS.before,
  "Study: best": COLOURS.best,
  "Study: mean": COLOURS.mean,
  "Study: lowest": COLOURS.lowest,
};
