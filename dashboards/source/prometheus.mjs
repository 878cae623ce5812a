// Questions to Prometheus.

const type = "prometheus";

/** The data source of a dashboard of operations. */
export const prometheus = {
  tag: "prometheus",
  reference: { type, uid: "${datasource}" },
  variable: () => ({
    name: "datasource",
    label: "Prometheus",
    type: "datasource",
    query: type,
    current: { text: "Relais Prometheus", value: "relais-prometheus", selected: true },
    hide: 0,
    includeAll: false,
    multi: false,
    options: [],
    refresh: 1,
    regex: "",
    skipUrlSync: false,
  }),
  target({ expr, legend = "", instant = false, format = "time_series" }, refId) {
    return {
      refId,
      datasource: this.reference,
      editorMode: "code",
      expr: expr.replace(/\s+/g, " ").trim(),
      legendFormat: legend,
      range: !instant,
      instant,
      format,
      interval: "",
    };
  },
};

/** The processes that are looked at. */
export const instances = () => ({
  name: "instance",
  label: "Process",
  type: "query",
  datasource: prometheus.reference,
  query: { query: "label_values(relais_build_info, instance)", refId: "instance", qryType: 1 },
  definition: "label_values(relais_build_info, instance)",
  current: { text: ["All"], value: ["$__all"], selected: true },
  allValue: ".+",
  hide: 0,
  includeAll: true,
  multi: true,
  options: [],
  refresh: 2,
  regex: "",
  sort: 1,
  skipUrlSync: false,
});

/** The label matcher of that choice. */
export const CHOSEN = 'instance=~"$instance"';
