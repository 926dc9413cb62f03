// Which program this is: path and hash, as every approval and receipt names it.
#pragma once

#include <string>

namespace sluis::apps {

std::string program_path();
// "sluis 0.1.0 sha256:<64>": of the executable's own bytes.
std::string program_name();

}  // namespace sluis::apps
