#include "apps/commands.h"

namespace sluis::apps {

void add_demo_commands(std::vector<CommandSpec>&) {}

}  // namespace sluis::apps
