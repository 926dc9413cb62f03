#include "node/debit.h"

#include <algorithm>

#include "node/job_tables.h"
#include "node/plan_facts.h"
#include "study/bind.h"

namespace sluis::node {
namespace {

// Each owner of the table is told of its own rows.
Result<disclosure::LinkPolicy> link_policy(const StudyJudgement& judgement, const study::LinkRate& rate) {
  disclosure::LinkPolicy policy;
  policy.name = rate.name;
  policy.table = rate.table;
  policy.policy = release::numbers(judgement.approval.policy);
  policy.owners = rate.owners;
  const governance::StudyTable& table = *judgement.study.find_table(rate.table);
  for (const std::string& code : rate.owners)
    for (const governance::InvitedOwner& owner : judgement.study.participation.invited)
      if (owner.kind == table.owners && owner.code == code) policy.readers.push_back(owner.oin);
  SLUIS_TRY(disclosure::check_link(policy));
  return policy;
}

}  // namespace

sql::Plan BoundRun::whole() const {
  std::vector<study::LinkRate> rates;
  for (const BoundLink& link : links) rates.push_back(link.rate);
  return study::with_link_rates(plan, rates);
}

Result<BoundRun> bind_run(const StudyJudgement& judgement, const JobFacts& facts) {
  const governance::Study& study = judgement.study;
  sql::BindResult bound = study::bind(study, facts.participants, rows_of_tables(facts), "study.toml");
  if (!bound.plan) return bound.errors.front();
  BoundRun run{std::move(*bound.plan), {}, {}};
  for (const sql::Output& output : run.plan.outputs) {
    const governance::Output* declared = study.find_output(output.name);
    CHECK(declared != nullptr);
    SLUIS_ASSIGN(disclosure::OutputPolicy policy,
                 release::output_policy(study, *declared, judgement.approval.policy, facts.participants,
                                        plan_facts(study, output)));
    run.policies.push_back(std::move(policy));
  }
  for (study::LinkRate& rate : study::link_rates(study, run.plan)) {
    SLUIS_ASSIGN(disclosure::LinkPolicy policy, link_policy(judgement, rate));
    run.links.push_back({std::move(rate), std::move(policy)});
  }
  return run;
}

std::vector<std::string> recipients_of(const governance::Study& study,
                                       const disclosure::OutputPolicy& policy) {
  std::vector<std::string> oins = policy.own_row ? policy.own_row->readers : study.people.recipients;
  std::sort(oins.begin(), oins.end());
  return oins;
}

std::vector<LinkRun> link_runs(const BoundRun& run) {
  std::vector<LinkRun> out;
  for (const BoundLink& link : run.links)
    out.push_back({link.policy, link.rate.persons.input, link.rate.linked.input});
  return out;
}

std::vector<OutputRun> output_runs(const governance::Study& study, const BoundRun& run) {
  std::vector<OutputRun> out;
  for (const disclosure::OutputPolicy& policy : run.policies)
    out.push_back({policy, recipients_of(study, policy).size()});
  return out;
}

governance::LedgerDebit debit_of(const StudyJudgement& judgement, const JobFacts& facts, const BoundRun& run,
                                 int64_t time) {
  governance::LedgerDebit debit;
  debit.study = judgement.study.name;
  debit.run = facts.run;
  debit.policy_hash = judgement.approval.policy.hash();
  debit.time = time;
  for (const wire::TableUpload& table : facts.tables)
    debit.sources.push_back({table.owner, table.profile, table.table, table.version, table.commitment()});
  for (size_t i = 0; i < run.policies.size(); ++i) {
    const disclosure::OutputPolicy& policy = run.policies[i];
    for (const std::string& oin : recipients_of(judgement.study, policy)) {
      governance::LedgerOutput output;
      output.name = policy.name;
      output.recipient = oin;
      output.own_row = policy.own_row.has_value();
      output.predicate = predicate_text(run.plan, run.plan.outputs[i]);
      debit.outputs.push_back(std::move(output));
    }
  }
  for (const BoundLink& link : run.links) {
    std::vector<std::string> readers = link.policy.readers;
    std::sort(readers.begin(), readers.end());
    const std::string predicate = predicate_text(run.plan, link.rate.linked);
    for (const std::string& oin : readers)
      debit.outputs.push_back({link.policy.name, oin, true, predicate, {}});
  }
  return debit;
}

}  // namespace sluis::node
