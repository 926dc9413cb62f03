// What the reports are made of: plain values, filled by the program from the study, the receipts and the
// released tables. Nothing here is secret: every number has left the nodes. Rendering never reads anything
// else, so table, chart, sentence and download cannot disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluis::report {

// A released integer, or nothing: withheld. There is no third state, and no reason: which rule withheld a
// cell is itself information.
using Cell = std::optional<int64_t>;

// INVARIANT: labels.size() == Output::dimensions.size(), counts.size() == Output::counts.size().
struct Row {
  std::vector<std::string> labels;
  std::vector<Cell> counts;
};

// `derive = [{ name, expr }]` of the study file (governance/derive.h).
struct Derivation {
  std::string name, expression;
};

// `statistics = [...]` of the study file. The exposed column has exactly two headings.
struct StatisticSpec {
  std::string name, kind, event, total;
  std::string exposed_column, exposed_value;
  std::vector<std::string> strata;
};

// An earlier release over the same persons, named under every table with withheld cells whether or not it
// caused anything.
struct OverlappingRelease {
  std::string title, date, table;  // date: YYYY-MM-DD
};

enum class OutputRole {
  kAnswer,        // answers the question
  kReverseOrder,  // what came first? (first heading: before, second: after, others: unknown)
  kLinkage,       // how many could be linked
};
// The example study and its template name these two outputs "volgorde" and "koppeling".
OutputRole role_of(const std::string& output_name);

// One released table. INVARIANT: rows are the whole declared domain, in its order.
struct Output {
  std::string name, title;
  std::vector<std::string> dimensions;  // column names of the headings
  std::vector<std::string> counts;      // column names of the counts
  std::vector<Row> rows;
  std::vector<Derivation> derive;
  std::vector<StatisticSpec> statistics;
  std::vector<OverlappingRelease> overlaps;
  // Position of a column, or -1.
  int dimension(const std::string& column) const;
  int count(const std::string& column) const;
};

// Disclosure values in force.
struct Policy {
  std::string profile = "nl-jeugd-1";
  int64_t t_person = 10, t_household = 5, t_owner = 2, denominator_min = 30;
  int round_base = 5;
  double noise_variance = 0;  // s^2 of the noise in every released count; 0: no noise
  double rho = 0;             // privacy loss (zCDP) of this release, if noise is on
  std::string unit =
      "kind";  // the counted person: word in the catalogue (report.unit.<unit>), else "persons"
  // Only then does a withheld cell lie in [0, t_person - 1], and a range may be printed (section 8).
  bool threshold_is_the_only_rule = false;
};

struct Party {
  std::string name, kind;
  bool took_part = true;
};

struct Signature {
  std::string node, key;  // key: fingerprint in hexadecimal
  bool valid = false;
};

// The study as its readers see it.
struct StudyFacts {
  std::string id, version, title, hash;  // hash: 64 lower-case hexadecimal digits
  std::string language = "nl";           // of the study's own texts
  std::string plain, why, hypothesis;
  std::vector<std::string> not_answered;
  std::string funder, commercial, follow_up;
  std::vector<std::string> processors;
  std::string applicant, applicant_function;  // organisation, function
  std::vector<std::string> recipients;
  std::string retention;
  std::string publish_where;   // where the recipient makes the result public; "": it does not say
  int publish_after_days = 0;  // not before so many days after release
  bool about_debt_help =
      false;  // a debt counselling register is among the tables: "help is not debt" is printed
};

// First day (YYYY-MM-DD) on which the recipient may make a result public that was released on this day; "" if
// the day is none.
std::string publish_from(const StudyFacts& study, const std::string& released_on);

struct ResultModel {
  StudyFacts study;
  Policy policy;
  std::vector<Party> parties;
  std::vector<Output> outputs;  // those addressed to the recipients; own rows are in OwnReport
  std::vector<Signature> signatures;
  std::string run;                  // handle of the run, "7c21"
  std::string released_on;          // YYYY-MM-DD
  std::string engine;               // "sluis 1.0.3"
  std::string bundle;               // file name of the result bundle, for the verification command
  bool malicious_security = false;  // until it lands, a deviating node can change a figure unseen
  bool invented = false;            // a demonstration: the page says so
};

// One municipality's own row, made at the owner.
struct OwnReport {
  StudyFacts study;
  Policy policy;
  std::string owner;           // name
  std::string output_title;    // of the own-row output
  std::vector<int64_t> bands;  // lower edges, ascending; the lowest is >= t_person
  // Index into `bands` of the own band, or nothing: withheld, or below the lowest edge.
  std::optional<size_t> band;
  // The pooled figure beside which the band is read: events and persons, released; empty if withheld.
  Cell pooled_events, pooled_persons;
  // Own persons, counted by the owner in its own file; empty if it did not deliver that table.
  Cell own_persons;
  // Delivery quality, per table delivered; known to this owner only.
  struct Delivery {
    std::string table, delivered_on;  // date
    int64_t rows = 0;
    int64_t linkable = 0;         // rows with a usable key
    std::optional<double> hours;  // from delivery to acceptance
  };
  std::vector<Delivery> deliveries;
  // Link rate per table delivered (`[link] report`): of the persons with a usable key, how many occur in the
  // table that theirs is linked to.
  struct LinkRate {
    std::string table;
    std::vector<int64_t> edges;  // percent, ascending
    std::optional<size_t> band;  // number of edges reached; nothing: fewer than `least` persons
    int64_t least = 0;           // persons
    int64_t blur = 0;            // 0 to this many persons were taken off, in secret
  };
  std::vector<LinkRate> link_rates;
  std::string released_on, run, engine;
  std::vector<Signature> signatures;
  bool invented = false;
};

}  // namespace sluis::report
