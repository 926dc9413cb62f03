// The commands of each noun; each file apps/<noun>_commands.cc adds its own.
#pragma once

#include <vector>

#include "apps/cli.h"
#include "client/network.h"

namespace sluis::apps {

void add_top_commands(std::vector<CommandSpec>& commands);  // version, explain-code, sql
void add_data_commands(std::vector<CommandSpec>& commands);
void add_study_commands(std::vector<CommandSpec>& commands);
void add_review_commands(std::vector<CommandSpec>& commands);
void add_run_commands(std::vector<CommandSpec>& commands);
void add_result_commands(std::vector<CommandSpec>& commands);
void add_key_commands(std::vector<CommandSpec>& commands);
void add_node_commands(std::vector<CommandSpec>& commands);
void add_catalog_commands(std::vector<CommandSpec>& commands);
void add_audit_commands(std::vector<CommandSpec>& commands);
void add_demo_commands(std::vector<CommandSpec>& commands);
void add_bench_commands(std::vector<CommandSpec>& commands);

// The full name of the study that begins with these digits, or of a study file by its path. Errors:
// S1054.study, S1054.several; those of the file.
Result<std::string> find_study(client::Nodes& nodes, const std::string& prefix);

}  // namespace sluis::apps
