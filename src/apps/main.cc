// sluis: one program for owners, analysts, approvers and node operators.
#include "apps/cli.h"
#include "apps/commands.h"

int main(int argc, char** argv) {
  using namespace sluis::apps;
  std::vector<CommandSpec> commands;
  add_top_commands(commands);
  add_data_commands(commands);
  add_study_commands(commands);
  add_review_commands(commands);
  add_run_commands(commands);
  add_result_commands(commands);
  add_key_commands(commands);
  add_node_commands(commands);
  add_catalog_commands(commands);
  add_audit_commands(commands);
  add_demo_commands(commands);
  add_bench_commands(commands);
  return run_command_line(argc, argv, commands);
}
