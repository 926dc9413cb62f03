// Models for the tests of report/: the example study with invented numbers. Included by tests only.
#pragma once

#include "report/approval_model.h"
#include "report/model.h"

namespace sluis::report {

inline StudyFacts example_study() {
  StudyFacts study;
  study.id = "schuld-pleegzorg-2026";
  study.version = "1.0.0";
  study.title = "Pleegzorg na schuldhulp bij ouders, 2021-2024";
  study.hash = "9f3c7be205d1c84a66f01b9ea357d20c5b1f0a9d4c77e8e2f6a3d0c94b21e857";
  study.plain =
      "Op 1 januari 2023 waren deze kinderen niet in pleegzorg.\n"
      "Hoe vaak begon pleegzorg in de twee jaar daarna als een ouder in 2021 of 2022 in de schuldhulp kwam?\n"
      "En hoe vaak bij even oude kinderen van wie geen ouder in de schuldhulp kwam?";
  study.why =
      "Gemeenten willen weten of schuldhulp bij ouders en pleegzorg bij hun kinderen samengaan, om eerder te "
      "kunnen helpen.";
  study.hypothesis = "Pleegzorg begint vaker bij kinderen met een ouder in de schuldhulp.";
  study.not_answered = {"Of schulden de oorzaak zijn. Wij meten samenhang in de tijd.",
                        "Schulden buiten de schuldhulp. Die ziet deze studie niet.",
                        "Iets over een gezin of een kind. Er komen alleen tabellen uit."};
  study.funder = "Regio X; geen commerciele partij";
  study.commercial = "geen";
  study.processors = {"drie knooppuntbeheerders, zonder eigen belang bij de uitkomst"};
  study.follow_up =
      "Bij een duidelijke samenhang: gesprek over schuldhulp in het team jeugd; kosten uit het "
      "preventiebudget "
      "van de regio. Er volgt geen actie op gezinnen.";
  study.applicant = "Regio X";
  study.applicant_function = "beleidsonderzoeker";
  study.recipients = {"Regio X"};
  study.publish_where = "openbaar register";
  study.publish_after_days = 30;
  study.retention = "geheime delen worden 30 dagen na vrijgave gewist op alle drie de knooppunten";
  study.about_debt_help = true;
  return study;
}

inline std::vector<Party> example_parties() {
  std::vector<Party> parties;
  for (const char* name :
       {"Demostad", "Voorbeeldam", "Testerveen", "Proefburg", "Oefenhuizen", "Modeldijk", "Schetsum"})
    parties.push_back({name, "gemeente", std::string(name) != "Schetsum"});
  for (const char* name : {"Jeugdhulp Noord", "Jeugdhulp Midden", "Jeugdhulp Zuid"})
    parties.push_back({name, "jeugdhulpaanbieder", true});
  return parties;
}

inline Output example_answer() {
  Output output;
  output.name = "samen";
  output.title =
      "Begin van pleegzorg in 2023 en 2024, naar leeftijd en schuldhulp van een ouder in 2021 en 2022";
  output.dimensions = {"leeftijd", "ouder_in_schuldhulp"};
  output.counts = {"kinderen", "start_pleegzorg"};
  output.rows = {{{"0-5", "ja"}, {1220, 15}},   {{"0-5", "nee"}, {25780, 110}},
                 {{"6-11", "ja"}, {1305, 20}},  {{"6-11", "nee"}, {27410, 150}},
                 {{"12-17", "ja"}, {1135, 20}}, {{"12-17", "nee"}, {23765, 170}}};
  output.derive = {{"per_1000", "1000 * start_pleegzorg / kinderen"}};
  output.statistics = {{"rr",
                        "mantel-haenszel-risk-ratio",
                        "start_pleegzorg",
                        "kinderen",
                        "ouder_in_schuldhulp",
                        "ja",
                        {"leeftijd"}}};
  return output;
}

inline Output example_order() {
  Output output;
  output.name = "volgorde";
  output.title = "Wat kwam eerst? Evenveel tijd voor en na de aanmelding (controle op de richting)";
  output.dimensions = {"volgorde"};
  output.counts = {"kinderen"};
  output.rows = {{{"0-12 maanden eerder"}, {20}},
                 {{"0-12 maanden erna"}, {45}},
                 {{"verder weg of volgorde onbekend"}, {85}}};
  return output;
}

inline Output example_linkage() {
  Output output;
  output.name = "koppeling";
  output.title = "Van hoeveel kinderen weten wij wie de ouders zijn en of de datum klopt?";
  output.dimensions = {"ouder_in_schuldhulp"};
  output.counts = {"kinderen"};
  output.rows = {
      {{"ja"}, {3710}}, {{"nee"}, {77200}}, {{"datum onbekend"}, {45}}, {{"ouder onbekend"}, {1260}}};
  return output;
}

// All cells shown; the interval excludes 1.
inline ResultModel example_result() {
  ResultModel model;
  model.study = example_study();
  model.policy.t_owner = 3;
  model.parties = example_parties();
  model.outputs = {example_answer(), example_order(), example_linkage()};
  model.signatures = {{"knooppunt A", "8a31c7d2e0f4b6915d20", true},
                      {"knooppunt B", "17e4905bd83f2c6ab911", true},
                      {"knooppunt C", "c2088fd1365e7b40aa52", true}};
  model.run = "7c21";
  model.released_on = "2026-12-14";
  model.engine = "sluis 1.0.3";
  model.bundle = "uitkomst-7c21.sluis";
  model.invented = true;
  return model;
}

// Three cells withheld in three tables, an earlier release that overlaps.
inline ResultModel example_withheld() {
  ResultModel model = example_result();
  model.outputs[0].rows[0].counts[1].reset();
  model.outputs[0].rows[2].counts[1].reset();
  model.outputs[0].overlaps = {{"Jeugdhulp naar wijk", "2026-05-02", "wijken"}};
  model.outputs[1].rows[0].counts[0].reset();
  model.outputs[2].rows[2].counts[0].reset();
  return model;
}

// As many cases among the exposed as chance would give.
inline ResultModel example_null() {
  ResultModel model = example_result();
  model.outputs[0].rows[0].counts[1] = 10;
  model.outputs[0].rows[2].counts[1] = 10;
  model.outputs[0].rows[4].counts[1] = 10;
  model.outputs[1].rows[0].counts[0] = 30;
  model.outputs[1].rows[1].counts[0] = 30;
  return model;
}

inline OwnReport example_own() {
  OwnReport report;
  report.study = example_study();
  report.owner = "Demostad";
  report.output_title = "Uw gemeente: kinderen met een ouder in de schuldhulp bij wie daarna pleegzorg begon";
  report.bands = {10, 25, 50, 100};
  report.band = 0;
  report.pooled_events = 55;
  report.pooled_persons = 80615;
  report.own_persons = 21800;
  report.deliveries = {{"schuldhulp", "2026-10-01", 5377, 5201, 3.5},
                       {"ouder_kind", "2026-10-02", 43120, 43055, {}}};
  report.link_rates = {{"schuldhulp", {10, 25, 50, 75, 90}, 2, 100, 19}};
  report.released_on = "2026-12-14";
  report.run = "7c21";
  report.engine = "sluis 1.0.3";
  report.signatures = example_result().signatures;
  report.invented = true;
  return report;
}

inline std::vector<ApprovalModel::Table> example_tables() {
  return {{"schuldhulp",
           "ddas-shv/1.0#traject-client",
           "gemeente",
           "2021-01-01 t/m 2022-12-31",
           "aanmelding_tot >= DATE '2021-01-01' AND aanmelding_van < DATE '2023-01-01'",
           {{"ouder", "BSN van de client", "link"},
            {"aanmelding_van", "eerste mogelijke dag van aanmelding", "compare"},
            {"aanmelding_tot", "laatste mogelijke dag van aanmelding", "compare"}},
           60,
           true},
          {"ouder_kind",
           "brp-ouder-kind/1",
           "gemeente",
           "",
           "leeftijd_2023 BETWEEN 0 AND 17",
           {{"ouder", "BSN van de juridische ouder", "link"},
            {"kind", "BSN van het kind", "link"},
            {"leeftijd_2023", "leeftijd op 1 januari 2023", "group"},
            {"gemeente", "code van uw gemeente", "group"}},
           4,
           true},
          {"jeugdhulp",
           "bij/2026#jeugdhulp",
           "jeugdhulpaanbieder",
           "2020-01-01 t/m 2024-12-31",
           "hulpvorm = 'pleegzorg'",
           {{"kind", "BSN van het kind", "link"},
            {"aanvang_van", "eerste mogelijke dag van aanvang", "compare"},
            {"aanvang_tot", "laatste mogelijke dag van aanvang", "compare"}},
           34,
           false}};
}

inline ApprovalModel example_approval() {
  ApprovalModel model;
  model.study = example_study();
  model.policy.t_owner = 3;
  model.owner = "gemeente Demostad";
  model.decide_before = "2026-12-01";
  model.run_before = "2027-03-01";
  model.max_runs = 2;
  model.example_outputs = {example_answer(), example_order(), example_linkage()};
  for (Output& output : model.example_outputs) invent_figures(output, model.policy, model.study.hash);
  model.own_row_title = "Uw gemeente: kinderen met een ouder in de schuldhulp bij wie daarna pleegzorg begon";
  model.own_row_bands = {10, 25, 50, 100};
  model.link_rate_tables = {"schuldhulp"};
  model.tables = example_tables();
  using State = ApprovalModel::CheckState;
  for (int i = 0; i < 10; ++i) model.checks.push_back({State::kGood, "controle", ""});
  model.checks.push_back(
      {State::kAttention, "Lijkt op studie 41aa (vrijgegeven mei 2026).",
       "Verschil: daar ook 18-jarigen. Het grootboek schermt cellen af die uit het verschil zijn "
       "af te leiden."});
  model.legal = {
      {"Grondslag gemeente", "AVG 6(1)(e); 5(1)(b) jo. 89; Wgs"},
      {"Grondslag jeugdhulpaanbieder", "AVG 6(1)(e); 9(2)(j); UAVG 24; Jeugdwet 7.4"},
      {"Noodzaak", "Open cijfers tonen alleen gemeenten, geen gezinnen; zonder koppeling geen antwoord"},
      {"DPIA", "DPIA-2026-014"}};
  model.node_operators = {"knooppunt A: Stichting Alfa", "knooppunt B: Universiteit Beta",
                          "knooppunt C: Bureau Gamma"};
  model.invited = example_parties();
  model.participation = "Ten minste 5 bronhouders: gemeente 3, jeugdhulpaanbieder 2.";
  model.effective = {{"t_person", "10", "profile"},
                     {"t_household", "5", "profile"},
                     {"t_owner", "3", "study"},
                     {"owner_max", "80 %", "study"},
                     {"denominator_min", "30", "profile"},
                     {"round_base", "5", "profile"},
                     {"group_max", "90 %", "gemeente Demostad"}};
  model.sql = {
      {"schuld", "view",
       "SELECT ouder,\n       MIN(aanmelding_van) AS schuld_start\nFROM   schuldhulp\nWHERE  aanmelding_van "
       "< "
       "DATE '2023-01-01'\nGROUP  BY ouder"},
      {"samen", "output",
       "SELECT leeftijd, ouder_in_schuldhulp,\n       COUNT(*) AS kinderen\nFROM   volg\nGROUP  BY leeftijd, "
       "ouder_in_schuldhulp"}};
  model.plan =
      "stap                          rijen     rondes\nschuld     GROUP BY ouder     18.000        212";
  model.engine = "sluis 1.0.3 sha256:41c0…";
  model.history = {{"2026-10-20", "Regio X", "versie 1.0.0 ingediend"}};
  model.commands = {
      {"Advies: akkoord", "sluis review advise 9f3c --answer agree --key fg.key"},
      {"Terug met een vraag", "sluis review advise 9f3c --answer return --reasons \"...\" --key fg.key"}};
  model.verify_command =
      "sluis study verify study.toml --expect "
      "9f3c7be205d1c84a66f01b9ea357d20c5b1f0a9d4c77e8e2f6a3d0c94b21e857";
  model.invented = true;
  return model;
}

}  // namespace sluis::report
