#include "apps/cli.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <deque>

namespace sluis::apps {
namespace {

using Kind = OptionSpec::Kind;

// Where CLI11 writes the values of one command.
struct Slots {
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, bool> flags;
};

// --lang must be known before help texts are made.
text::Language language_of(int argc, const char* const* argv) {
  std::string wanted;
  if (const char* env = std::getenv("SLUIS_LANG")) wanted = env;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--lang" && i + 1 < argc) wanted = argv[i + 1];
    if (arg.starts_with("--lang=")) wanted = arg.substr(7);
  }
  return wanted == "en" ? text::Language::kEnglish : text::Language::kDutch;
}

std::string upper(std::string name) {
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

void add_option(CLI::App& app, const OptionSpec& spec, Slots& slots, const Context& context) {
  const std::string help = context.tr("opt." + spec.name);
  if (spec.kind == Kind::kFlag) {
    app.add_flag("--" + spec.name, slots.flags[spec.name], help);
    return;
  }
  const bool positional = spec.kind == Kind::kPositional;
  CLI::Option* option =
      app.add_option(positional ? spec.name : "--" + spec.name, slots.lists[spec.name], help);
  if (spec.kind != Kind::kList) option->expected(1)->allow_extra_args(false);
  if (spec.required) option->required();
  if (positional) option->type_name(upper(spec.name));
  if (!spec.fallback.empty()) option->description(help + " [" + spec.fallback + "]");
}

void add_global_options(CLI::App& app, Context& context, std::string& form, std::string& language,
                        bool& plain) {
  app.add_option("-o,--output", form, context.tr("opt.output"))
      ->check(CLI::IsMember({"text", "json", "csv"}));
  app.add_option("--lang", language, context.tr("opt.lang"))->check(CLI::IsMember({"nl", "en"}));
  app.add_option("--identity", context.identity, context.tr("opt.identity"))->envname("SLUIS_IDENTITY");
  app.add_option("--network", context.network, context.tr("opt.network"))->envname("SLUIS_NETWORK");
  app.add_option("--timeout", context.timeout_s, context.tr("opt.timeout"))->check(CLI::Range(1, 3600));
  app.add_flag("--quiet", context.quiet, context.tr("opt.quiet"));
  app.add_flag("--yes", context.assume_yes, context.tr("opt.yes"));
  app.add_flag("--no-color", plain, context.tr("opt.no-color"));
}

bool wants_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "-ojson" || arg == "--output=json") return true;
    if ((arg == "-o" || arg == "--output") && i + 1 < argc && std::string(argv[i + 1]) == "json") return true;
  }
  return false;
}

// CLI11 speaks English only: what it found is told in our words, with the name of the option alone.
Error parse_error(const CLI::ParseError& error) {
  const std::string text = error.what();
  const auto before = [&](const char* mark) { return text.substr(0, text.find(mark)); };
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (text.find("subcommand") != std::string::npos) return usage_error("S1051.command", {});
    return usage_error("S1051.missing", {before(" is required")});
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return usage_error("S1051.unknown", {});
  return usage_error("S1051.value", {before(":")});
}

Args collect(const CommandSpec& command, const Slots& slots) {
  Args args;
  for (const OptionSpec& spec : command.options) {
    if (spec.kind == Kind::kFlag) {
      if (slots.flags.at(spec.name)) args.values_[spec.name] = {"1"};
    } else if (!slots.lists.at(spec.name).empty()) {
      args.values_[spec.name] = slots.lists.at(spec.name);
    } else if (!spec.fallback.empty()) {
      args.values_[spec.name] = {spec.fallback};
    }
  }
  return args;
}

}  // namespace

std::string Args::get(const std::string& name) const {
  const auto at = values_.find(name);
  return at == values_.end() || at->second.empty() ? std::string() : at->second.front();
}

std::vector<std::string> Args::all(const std::string& name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? std::vector<std::string>() : at->second;
}

Result<int64_t> Args::number(const std::string& name, int64_t fallback, int64_t lo, int64_t hi) const {
  if (!has(name)) return fallback;
  const std::string value = get(name);
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (fault != std::errc() || end != value.data() + value.size() || number < lo || number > hi)
    return usage_error("S1051.number", {"--" + name, std::to_string(lo), std::to_string(hi)});
  return number;
}

int run_command_line(int argc, const char* const* argv, const std::vector<CommandSpec>& commands) {
  Context context;
  context.language = language_of(argc, argv);
  CLI::App app(context.tr("cmd.sluis"), "sluis");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_help_flag("-h,--help", context.tr("opt.help"));
  std::string form = "text";
  std::string language;
  bool plain = false;
  add_global_options(app, context, form, language, plain);

  std::map<std::string, CLI::App*> nouns;
  std::deque<Slots> slots;  // stable addresses
  int exit_code = 0;
  for (const CommandSpec& command : commands) {
    CLI::App* parent = &app;
    if (!command.verb.empty()) {
      CLI::App*& noun = nouns[command.noun];
      if (noun == nullptr) {
        noun = app.add_subcommand(command.noun, context.tr("cmd." + command.noun));
        noun->require_subcommand(1);
        noun->fallthrough();
      }
      parent = noun;
    }
    const std::string key = "cmd." + command.noun + (command.verb.empty() ? "" : "." + command.verb);
    CLI::App* sub =
        parent->add_subcommand(command.verb.empty() ? command.noun : command.verb, context.tr(key));
    sub->fallthrough();
    if (command.hidden) sub->group("");
    Slots& own = slots.emplace_back();
    for (const OptionSpec& option : command.options) add_option(*sub, option, own, context);
    sub->final_callback([&context, &command, &own, &exit_code, &form, &plain] {
      context.form = form == "json"  ? OutputForm::kJson
                     : form == "csv" ? OutputForm::kCsv
                                     : OutputForm::kText;
      context.color = !plain && ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
      exit_code = static_cast<int>(command.run(context, collect(command, own)));
    });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // help
    context.form = wants_json(argc, argv) ? OutputForm::kJson : OutputForm::kText;
    return static_cast<int>(fail(context, parse_error(error)));
  }
  return exit_code;
}

}  // namespace sluis::apps
