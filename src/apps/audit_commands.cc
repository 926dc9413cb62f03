// sluis audit: verify.
#include "apps/commands.h"
#include "governance/audit_log.h"

namespace sluis::apps {
namespace {

Exit verify(Context& context, const Args& args) {
  const Result<governance::AuditHead> head = governance::verify_audit_log(args.get("file"));
  if (!head) return fail(context, head.error());
  context.print(
      context.tr("audit.ok", {std::to_string(head->lines), crypto::to_hex(head->last).substr(0, 32)}));
  return Exit::kOk;
}

}  // namespace

void add_audit_commands(std::vector<CommandSpec>& commands) {
  commands.push_back({"audit", "verify", {{"file", OptionSpec::Kind::kPositional, true, ""}}, verify});
}

}  // namespace sluis::apps
