#include "importers/profile.h"

#include <gtest/gtest.h>

#include <set>

namespace sluis::importers {
namespace {

const Profile& profile(const char* name) { return *find_profile(name); }

TEST(Profile, FoundByIdAndAlias) {
  for (const char* id : {"ddas-shv/1.0#traject-client", "brp-ouder-kind/1", "bij/2026#jeugdhulp"}) {
    const Profile* found = find_profile(id);
    ASSERT_NE(found, nullptr) << id;
    EXPECT_EQ(find_profile(found->alias), found);
  }
  EXPECT_EQ(find_profile("ddas"), nullptr);
  EXPECT_EQ(find_profile(""), nullptr);
}

// The importers reach columns by position.
TEST(Profile, PositionsAgreeWithNames) {
  const auto name = [](const char* alias, auto column) {
    return profile(alias).columns.at(static_cast<size_t>(column)).name;
  };
  EXPECT_EQ(name("schuldhulp", DebtColumn::kOuder), "ouder");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kAanmeldingVan), "aanmelding_van");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kAanmeldingTot), "aanmelding_tot");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kGemeente), "gemeente");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kStartVan), "start_van");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kStartTot), "start_tot");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kEindeVan), "einde_van");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kEindeTot), "einde_tot");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kCrisis), "crisis");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kOplossing), "oplossing");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kUitstroomReden), "uitstroom_reden");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kUitstroomVan), "uitstroom_van");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kUitstroomTot), "uitstroom_tot");
  EXPECT_EQ(name("schuldhulp", DebtColumn::kSchuldbedrag), "schuldbedrag");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kOuder), "ouder");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kKind), "kind");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kLeeftijd), "leeftijd_JJJJ");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kGemeente), "gemeente");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kGeboorteVan), "geboorte_van");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kGeboorteTot), "geboorte_tot");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kSindsVan), "sinds_van");
  EXPECT_EQ(name("ouder_kind", FamilyColumn::kSindsTot), "sinds_tot");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kKind), "kind");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kHulpvorm), "hulpvorm");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kAanvangVan), "aanvang_van");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kAanvangTot), "aanvang_tot");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kEindeVan), "einde_van");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kEindeTot), "einde_tot");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kVerwijzer), "verwijzer");
  EXPECT_EQ(name("jeugdhulp", CareColumn::kRedenEinde), "reden_einde");
}

TEST(Profile, EveryColumnHasAMeaningAndKnownSources) {
  for (const Profile& p : all_profiles()) {
    const std::set<std::string> fields(p.fields.begin(), p.fields.end());
    EXPECT_EQ(fields.size(), p.fields.size()) << p.id;
    for (const text::Language language : {text::Language::kDutch, text::Language::kEnglish}) {
      EXPECT_TRUE(text::has(language, "profile." + p.alias)) << p.alias;
      for (const ProfileColumn& column : p.columns)
        EXPECT_TRUE(text::has(language, "profile." + p.alias + '.' + column.name)) << p.alias << column.name;
    }
    for (const ProfileColumn& column : p.columns) {
      EXPECT_FALSE(column.sources.empty());
      for (const std::string& source : column.sources) EXPECT_TRUE(fields.contains(source)) << source;
    }
  }
  EXPECT_EQ(profile("schuldhulp").fields.size(), 60u);
  EXPECT_EQ(column_meaning(text::Language::kDutch, profile("ouder_kind"), "leeftijd_2023"),
            "leeftijd van het kind op 1 januari 2023");
  EXPECT_EQ(column_meaning(text::Language::kDutch, profile("ouder_kind"), "schoenmaat"), "");
}

TEST(Profile, YearColumnsStandForEveryYear) {
  const Profile& family = profile("ouder_kind");
  EXPECT_EQ(family.find("leeftijd_2023"), family.find("leeftijd_1999"));
  EXPECT_NE(family.find("leeftijd_2023"), nullptr);
  for (const char* bad : {"leeftijd_JJJJ", "leeftijd_", "leeftijd_23", "leeftijd_20233", "leeftijd_1850",
                          "leeftijd_2o23", "gemeente_2023"})
    EXPECT_EQ(family.find(bad), nullptr) << bad;
  const auto requested = request_columns(family, {"gemeente", "leeftijd_2023", "leeftijd_2020"});
  ASSERT_TRUE(requested.ok());
  EXPECT_EQ((*requested)[1].year, 2023);
  EXPECT_EQ((*requested)[2].year, 2020);
  EXPECT_EQ((*requested)[2].index, (*requested)[1].index);
}

TEST(Profile, SchemaNeedsNoFile) {
  const Domains domains = {{"gemeente", {"GM9002", "GM9001"}}};
  const auto schema =
      profile_schema(profile("ouder_kind"), "ok", {"ouder", "kind", "leeftijd_2023", "gemeente"}, domains);
  ASSERT_TRUE(schema.ok());
  EXPECT_EQ(schema->name, "ok");
  EXPECT_EQ(schema->columns[0].type, relation::Type::bsn());
  EXPECT_EQ(schema->columns[2].name, "leeftijd_2023");
  EXPECT_EQ(schema->columns[2].type, relation::Type::integer(0, 130));
  EXPECT_EQ(schema->columns[3].type.domain, (std::vector<std::string>{"GM9001", "GM9002"}));
  EXPECT_TRUE(schema->columns[1].nullable);
  const auto fails = [&](std::vector<std::string> columns) {
    return profile_schema(profile("ouder_kind"), "ok", columns, {}).error().summary();
  };
  EXPECT_EQ(fails({"gemeente"}), "S1101.domain [gemeente] [brp-ouder-kind/1]");
  EXPECT_EQ(fails({"naam"}), "S1101.column [naam] [brp-ouder-kind/1]");
  EXPECT_EQ(fails({"kind", "kind"}), "S1101.twice [kind] [brp-ouder-kind/1]");
}

TEST(Profile, EventDatesAreNeverNullButEndsAre) {
  const auto nullable = [](const char* alias, const char* column) {
    return profile(alias).find(column)->nullable;
  };
  EXPECT_FALSE(nullable("schuldhulp", "aanmelding_van"));
  EXPECT_FALSE(nullable("jeugdhulp", "aanvang_tot"));
  EXPECT_TRUE(nullable("jeugdhulp", "einde_van"));
  EXPECT_GE(profile("jeugdhulp").find("hulpvorm")->type.code("pleegzorg"), 0);
}

}  // namespace
}  // namespace sluis::importers
