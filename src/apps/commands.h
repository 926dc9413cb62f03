// The commands of each noun; each file apps/<noun>_commands.cc adds its own.
#pragma once

#include <vector>

#include "apps/cli.h"

namespace sluis::apps {

void add_top_commands(std::vector<CommandSpec>& commands);  // version, explain-code

}  // namespace sluis::apps
