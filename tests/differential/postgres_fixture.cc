#include "postgres_fixture.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluis::differential {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = "\x01--";  // stands between two answers; COPY never prints it

std::string quoted(const std::string& text) { return "'" + text + "'"; }  // paths here hold no quotes

std::string contents(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

// The newest /usr/lib/postgresql/<version>/bin with all that is needed, or "".
std::string find_binaries() {
  std::vector<std::pair<int, std::string>> found;
  std::error_code error;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const std::string bin = version.path().string() + "/bin";
    if (fs::exists(bin + "/initdb") && fs::exists(bin + "/pg_ctl") && fs::exists(bin + "/psql"))
      found.emplace_back(std::atoi(version.path().filename().c_str()), bin);
  }
  std::sort(found.begin(), found.end());
  return found.empty() ? "" : found.back().second;
}

// One line of COPY's text format as cells.
std::vector<std::optional<std::string>> copy_cells(const std::string& line) {
  std::vector<std::optional<std::string>> cells;
  std::string cell;
  bool null = false;
  for (size_t i = 0; i <= line.size(); ++i) {
    if (i == line.size() || line[i] == '\t') {
      cells.push_back(null ? std::nullopt : std::optional(cell));
      cell.clear();
      null = false;
    } else if (line[i] == '\\' && i + 1 < line.size()) {
      const char next = line[++i];
      if (next == 'N') null = true;
      cell += next == 'n' ? '\n' : next == 't' ? '\t' : next;
    } else {
      cell += line[i];
    }
  }
  return cells;
}

std::string sql_type(const relation::Type& type) {
  switch (type.kind) {
    case relation::Kind::kInteger:
      return "bigint";
    case relation::Kind::kDate:
      return "date";
    case relation::Kind::kBoolean:
      return "boolean";
    case relation::Kind::kCategory:
      return "text";
    case relation::Kind::kDecimal:
      return "numeric(18," + std::to_string(type.scale) + ")";
    case relation::Kind::kNumeric:
      break;  // never in a table
  }
  return "";
}

std::string sql_literal(const relation::Type& type, int64_t value) {
  std::string text = "'";
  for (const char c : relation::cell_text(type, value))
    text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

}  // namespace

PostgresServer::PostgresServer(std::string binaries, std::string directory, bool as_root)
    : binaries_(std::move(binaries)), directory_(std::move(directory)), as_root_(as_root) {}

std::string PostgresServer::as_user(const std::string& command) const {
  return (as_root_ ? "cd / && runuser -u postgres -- " : "") + command;
}

std::string PostgresServer::psql() const {
  return as_user(quoted(binaries_ + "/psql") + " -X -q -v ON_ERROR_STOP=1 -h " + quoted(directory_) +
                 " -d postgres");
}

std::unique_ptr<PostgresServer> PostgresServer::start(std::string& why) {
  const std::string binaries = find_binaries();
  if (binaries.empty()) return why = "no PostgreSQL binaries in /usr/lib/postgresql", nullptr;
  const bool as_root = geteuid() == 0;
  const passwd* user = as_root ? getpwnam("postgres") : nullptr;
  if (as_root && user == nullptr) return why = "running as root and there is no user postgres", nullptr;
  std::string directory = (fs::temp_directory_path() / "sluis-pg-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) return why = "no temporary directory", nullptr;
  if (user != nullptr && chown(directory.c_str(), user->pw_uid, user->pw_gid) != 0)
    return why = "cannot hand the directory to user postgres", nullptr;
  std::unique_ptr<PostgresServer> server(new PostgresServer(binaries, directory, as_root));
  const std::string log = " >" + quoted(directory + "/log") + " 2>&1";
  const std::string init = quoted(binaries + "/initdb") + " -D " + quoted(directory + "/data") +
                           " -U postgres -A trust -E UTF8 --locale=C --no-sync";
  const std::string options = "-k " + directory + " -c listen_addresses= -c fsync=off -c shared_buffers=16MB";
  const std::string begin = quoted(binaries + "/pg_ctl") + " -D " + quoted(directory + "/data") +
                            " -s -w -t 60 -l " + quoted(directory + "/server.log") + " -o \"" + options +
                            "\" start";
  if (std::system((server->as_user(init) + log).c_str()) != 0 ||
      std::system((server->as_user(begin) + log).c_str()) != 0) {
    why = "PostgreSQL does not start: " + contents(directory + "/log");
    return nullptr;
  }
  setenv("PGUSER", "postgres", 1);
  return server;
}

PostgresServer::~PostgresServer() {
  const std::string stop = as_user(quoted(binaries_ + "/pg_ctl") + " -D " + quoted(directory_ + "/data") +
                                   " -s -m immediate stop") +
                           " >/dev/null 2>&1";
  (void)!std::system(stop.c_str());
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::optional<std::string> PostgresServer::run(const std::string& script) {
  const std::vector<Answer> answers = query({script});
  return answers[0].error.empty() ? std::nullopt : std::optional(answers[0].error);
}

std::vector<PostgresServer::Answer> PostgresServer::query(const std::vector<std::string>& queries) {
  const fs::path script = directory_ + "/script.sql";
  const fs::path out = directory_ + "/out";
  const fs::path err = directory_ + "/err";
  {
    std::ofstream file(script);
    file << "\\set ON_ERROR_STOP 0\n";
    for (const std::string& text : queries) {
      // A query of its own line is copied out; a script of statements is run.
      const bool select = text.rfind("SELECT", 0) == 0 || text.rfind("WITH", 0) == 0;
      file << (select ? "COPY (" + text + ") TO STDOUT;\n" : text + ";\n");
      file << "\\echo " << quoted(kMark) << "\n\\warn " << quoted(kMark) << "\n";
    }
  }
  if (as_root_) chmod(script.c_str(), 0644);
  const std::string command =
      psql() + " -f " + quoted(script.string()) + " >" + quoted(out.string()) + " 2>" + quoted(err.string());
  (void)!std::system(command.c_str());
  std::vector<Answer> answers(1);
  const auto each_line = [](const std::string& text, auto&& f) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) f(line);
  };
  each_line(contents(out), [&](const std::string& line) {
    if (line == kMark) {
      answers.emplace_back();
    } else {
      answers.back().rows.push_back(copy_cells(line));
    }
  });
  answers.resize(queries.size());
  size_t index = 0;
  each_line(contents(err), [&](const std::string& line) {
    if (line == kMark) {
      ++index;
    } else if (index < answers.size() && line.find("ERROR") != std::string::npos) {
      answers[index].error += line;
    }
  });
  if (index < queries.size()) answers[index].error += "psql ended early: " + contents(err);
  return answers;
}

std::string tables_script(const std::vector<relation::Table>& tables) {
  std::string script;
  for (const relation::Table& table : tables) {
    script += "DROP TABLE IF EXISTS " + table.schema.name + ";\nCREATE TABLE " + table.schema.name + " (";
    for (size_t c = 0; c < table.schema.columns.size(); ++c)
      script +=
          (c == 0 ? "" : ", ") + table.schema.columns[c].name + " " + sql_type(table.schema.columns[c].type);
    script += ");\n";
    if (table.rows == 0) continue;
    script += "INSERT INTO " + table.schema.name + " VALUES\n";
    for (size_t r = 0; r < table.rows; ++r) {
      script += r == 0 ? "(" : ",\n(";
      for (size_t c = 0; c < table.columns.size(); ++c) {
        const relation::Column& column = table.columns[c];
        script +=
            (c == 0 ? "" : ", ") +
            (column.null[r] != 0 ? "NULL" : sql_literal(table.schema.columns[c].type, column.values[r]));
      }
      script += ")";
    }
    script += ";\n";
  }
  return script;
}

std::optional<std::string> PostgresServer::load(const std::vector<relation::Table>& tables) {
  return run("SET client_min_messages = error;\n" + tables_script(tables));
}

}  // namespace sluis::differential
