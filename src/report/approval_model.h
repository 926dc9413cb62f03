// What an approver reads (page A2 of the product design), as plain values.
#pragma once

#include <string>
#include <vector>

#include "report/model.h"

namespace sluis::report {

// What is asked of the reader of this page.
enum class AskedFor { kAdvice, kDecision };

struct ApprovalModel {
  StudyFacts study;
  Policy policy;

  // who is asked what
  AskedFor asked_for = AskedFor::kAdvice;
  std::string owner;                      // name of the reader's organisation
  std::string decide_before, run_before;  // YYYY-MM-DD
  int max_runs = 1;
  // The advice that was given, for the manager; empty answer: none yet.
  struct Advice {
    std::string answer, reasons, given_on;  // agree remarks disagree return
  } advice;

  // 2 what comes out: outputs filled with invented figures (invent_figures), and who sees them
  std::vector<Output> example_outputs;
  std::string own_row_title;  // of the output that every owner opens alone; empty: there is none
  std::vector<int64_t> own_row_bands;
  std::vector<std::string> link_rate_tables;  // of which the reader is told its own link rate

  // 3 your data
  struct Column {
    std::string name, meaning, use;  // use: link filter compare group sum
  };
  struct Table {
    std::string name, schema, owner_kind, period, rows_filter;
    std::vector<Column> columns;
    int64_t fields_in_profile = 0;  // of the source; 0 if unknown
    bool yours = false;             // delivered by the reader's organisation
    int64_t fields_used = 0;        // fields from which the columns are made; 0: as many as columns
  };
  std::vector<Table> tables;

  // 4 checks
  enum class CheckState { kGood, kAttention, kFault };
  struct Check {
    CheckState state = CheckState::kGood;
    std::string title, detail;
  };
  std::vector<Check> checks;

  // 5 legal
  struct Fact {
    std::string term, value;
  };
  std::vector<Fact> legal;

  // 6 what nodes see
  std::vector<std::string> node_operators;
  std::vector<std::string> allowed_leakage;  // names from docs/leakage.md; empty: sizes only
  bool malicious_security = false;

  // who takes part
  std::vector<Party> invited;
  std::string participation;  // "ten minste 5, waarvan gemeente 3, jeugdhulpaanbieder 2"

  // disclosure values in force and whose each is ("profile", "study", or the name of an owner)
  struct EffectiveValue {
    std::string key, value, whose;
  };
  std::vector<EffectiveValue> effective;

  // 7 technique
  struct Sql {
    std::string name, kind, text;  // kind: view, output
  };
  std::vector<Sql> sql;
  std::string plan;  // EXPLAIN as text; empty: not made yet
  std::string engine;

  // 8 history
  struct Event {
    std::string on, who, what;  // on: YYYY-MM-DD
  };
  std::vector<Event> history;

  // the commands that answer, as one types them: a label and a command line
  struct Command {
    std::string label, line;
  };
  std::vector<Command> commands;
  std::string verify_command;  // "sluis study verify study.toml --expect 9f3c..."
  bool invented = false;       // a demonstration
};

// Fills `output` with invented figures for the approver: multiples of the rounding base, every later count a
// part of the first, exactly two cells withheld (one if there are fewer than four). Depends on `seed` only
// (the study's hash), never on data: there is none yet.
void invent_figures(Output& output, const Policy& policy, const std::string& seed);

}  // namespace sluis::report
