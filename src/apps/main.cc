// sluis: one program for owners, analysts, approvers and node operators.
#include "apps/cli.h"
#include "apps/commands.h"

int main(int argc, char** argv) {
  using namespace sluis::apps;
  std::vector<CommandSpec> commands;
  add_top_commands(commands);
  return run_command_line(argc, argv, commands);
}
