#include "base/result.h"

namespace sluis {

std::string Error::code() const { return id.substr(0, id.find('.')); }

std::string Error::summary() const {
  std::string text = id;
  if (!file.empty() || line > 0) {
    text += ' ' + file;
    if (line > 0) text += ':' + std::to_string(line);
    if (column > 0) text += ':' + std::to_string(column);
  }
  for (const std::string& arg : args) text += " [" + arg + ']';
  return text;
}

}  // namespace sluis
