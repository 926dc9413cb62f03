#include "importers/ddas_form.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/utf8.h"
#include "importers/profile.h"
#include "relation/date.h"

namespace sluis::importers {
namespace {

enum class Form : uint8_t { kText, kDate, kEuros, kBoolean, kEnum, kObject, kObjects, kAny };

// One member of an object.
struct Field {
  std::string_view name;
  Form form = Form::kText;
  std::span<const Field> members = {};                // kObject, kObjects
  const std::vector<std::string>* choices = nullptr;  // kEnum
  bool required = false;
  size_t min_items = 0, max_items = SIZE_MAX;  // kObjects
};

const std::vector<std::string> kDecisions = {"Afwijzingsbeschikking", "Toelatingsbeschikking"};
const std::vector<std::string> kDebtKinds = {"Zorg", "Publiek", "Nuts", "Overig"};
const std::vector<std::string> kGuidance = {"Budgetcoaching", "Budgetbeheer", "Beschermingsbewind",
                                            "Lange Termijn Begeleiding (DFD)", "Budgetbegeleiding"};

constexpr std::array kPeriod = {Field{"startdatum", Form::kDate}, Field{"einddatum", Form::kDate}};
constexpr std::array kRegistration = {Field{"startdatum", Form::kDate}, Field{"einddatum", Form::kDate},
                                      Field{"crisisinterventie", Form::kBoolean}};
const std::array kIntake = {Field{"startdatum", Form::kDate}, Field{"einddatum", Form::kDate},
                            Field{"beschikkingsdatum", Form::kDate},
                            Field{"beschikkingssoort", Form::kEnum, {}, &kDecisions}};
constexpr std::array kPlan = {Field{"datumAfronding", Form::kDate}};
constexpr std::array kArrangement = {
    Field{"datum", Form::kDate},           Field{"toegekend", Form::kDate},
    Field{"afgewezen", Form::kDate},       Field{"ingetrokken", Form::kDate},
    Field{"dwangakkoord", Form::kBoolean}, Field{"datumVerzoekDwangakkoord", Form::kDate}};
const std::array kSolution = {Field{"soort", Form::kEnum, {}, &kSolutionKinds},
                              Field{"startdatum", Form::kDate}, Field{"einddatum", Form::kDate},
                              Field{"vtlb", Form::kEuros}};
const std::array kGuidanceFields = {Field{"soort", Form::kEnum, {}, &kGuidance},
                                    Field{"startdatum", Form::kDate}, Field{"einddatum", Form::kDate}};
constexpr std::array kMoratorium = {Field{"datumAanvraag", Form::kDate},
                                    Field{"datumGoedkeuring", Form::kDate}, Field{"startdatum", Form::kDate},
                                    Field{"einddatum", Form::kDate}};
const std::array kOutflow = {Field{"datum", Form::kDate}, Field{"reden", Form::kEnum, {}, &kOutflowReasons},
                             Field{"omschrijving"}, Field{"datumBeeindigingsbeschikking", Form::kDate}};
constexpr std::array kCreditor = {Field{"naam"}, Field{"Naam"}, Field{"kvknummer"}, Field{"postcode"},
                                  Field{"privepersoon", Form::kBoolean}};
const std::array kDebt = {Field{"bedrag", Form::kEuros}, Field{"peildatum", Form::kDate},
                          Field{"schuldsoort", Form::kEnum, {}, &kDebtKinds},
                          Field{"zakelijkeSchuld", Form::kBoolean},
                          Field{"schuldeiser", Form::kObject, kCreditor}};
constexpr std::array kClient = {Field{"Burgerservicenummer"}, Field{"Geboortedatum"},
                                Field{"Geslachtsaanduiding"}, Field{"Postcode"},
                                Field{"Huisnummer"},          Field{"Huisnummertoevoeging"}};

const std::array kTrajectory = {
    Field{"gemeentecode", Form::kText, {}, nullptr, true},
    Field{"startdatum", Form::kDate},
    Field{"einddatum", Form::kDate},
    Field{"omschrijving"},
    Field{"toekenningsdatum", Form::kDate},
    Field{"totaalSchuldbedragBijAanvangSchuld", Form::kEuros},
    Field{"client", Form::kObjects, kClient, nullptr, false, 1, 2},
    Field{"aanmelding", Form::kObject, kRegistration},
    Field{"informatieEnAdvies", Form::kObject, kPeriod},
    Field{"intake", Form::kObject, kIntake},
    Field{"planVanAanpak", Form::kObject, kPlan},
    Field{"stabilisatie", Form::kObject, kPeriod},
    Field{"schuldregeling", Form::kObject, kArrangement},
    Field{"oplossing", Form::kObject, kSolution},
    Field{"begeleiding", Form::kObjects, kGuidanceFields},
    Field{"crisisinterventies", Form::kObjects, kPeriod},
    Field{"voorlopigeVoorzieningen", Form::kObjects, kPeriod},
    Field{"moratoria", Form::kObjects, kMoratorium},
    Field{"nazorg", Form::kObject, kPeriod},
    Field{"uitstroom", Form::kObject, kOutflow},
    Field{"schulden", Form::kObjects, kDebt},
};

constexpr std::array kContact = {Field{"email"}, Field{"functietitel"}, Field{"naam"},
                                 Field{"telefoonnummer"}};
constexpr std::array kOrganisation = {Field{"(Statutaire) Naam"}, Field{"KvK-nummer"}, Field{"postcode"},
                                      Field{"gemeentecode"},
                                      Field{"contactpersonen", Form::kObjects, kContact, nullptr, false, 1}};
// The trajectories themselves are checked one by one.
constexpr std::array kDelivery = {
    Field{"teller", Form::kEuros, {}, nullptr, true},
    Field{"aanleverende_organisatie", Form::kObject, kOrganisation, nullptr, true},
    Field{"schuldhulptrajecten", Form::kAny}};
constexpr std::array kEnvelope = {Field{"startdatumLevering", Form::kDate, {}, nullptr, true},
                                  Field{"einddatumLevering", Form::kDate, {}, nullptr, true},
                                  Field{"aanleverdatumEnTijd", Form::kText, {}, nullptr, true},
                                  Field{"codeGegevensleverancier", Form::kText, {}, nullptr, true},
                                  Field{"leveringen", Form::kObjects, kDelivery, nullptr, true, 1}};

class Checker {
 public:
  Checker(uint64_t row, Findings& findings) : row_(row), findings_(findings) {}

  void object(const JsonValue& value, std::span<const Field> fields, const std::string& path) {
    if (!value.is(JsonValue::Kind::kObject)) return wrong_type(value, path);
    std::string unknown;
    for (size_t i = 0; i < value.keys.size(); ++i) {
      const auto field =
          std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == value.keys[i]; });
      if (field == fields.end())
        unknown += (unknown.empty() ? "" : ", ") + safe_name(value.keys[i]);
      else
        member(value.items[i], *field, path.empty() ? value.keys[i] : path + '.' + value.keys[i]);
    }
    if (!unknown.empty()) add("schema_unknown", path.empty() ? unknown : path + ": " + unknown);
    for (const Field& field : fields)
      if (field.required && value.find(field.name) == nullptr)
        add("schema_missing", path.empty() ? std::string(field.name) : path + '.' + std::string(field.name));
  }

 private:
  using Kind = JsonValue::Kind;

  void add(const char* id, std::string path) { findings_.schema(id, {std::move(path)}, row_); }
  void wrong_type(const JsonValue& value, const std::string& path) {
    add(value.is(Kind::kNull) ? "schema_null" : "schema_type", path);
  }
  void text(const JsonValue& value, const Field& field, const std::string& path) {
    if (!value.is(Kind::kString)) return wrong_type(value, path);
    if (field.form == Form::kDate && !relation::parse_iso_date(value.text)) add("schema_date", path);
    if (field.choices == nullptr) return;
    if (std::find(field.choices->begin(), field.choices->end(), value.text) == field.choices->end())
      add("schema_enum", path);
  }
  void objects(const JsonValue& value, const Field& field, const std::string& path) {
    if (!value.is(Kind::kArray)) return wrong_type(value, path);
    if (value.items.size() < field.min_items || value.items.size() > field.max_items)
      add("schema_items", path);
    for (const JsonValue& item : value.items) object(item, field.members, path);
  }
  void member(const JsonValue& value, const Field& field, const std::string& path) {
    switch (field.form) {
      case Form::kText:
      case Form::kDate:
      case Form::kEnum:
        return text(value, field, path);
      case Form::kEuros:
        if (!value.is(Kind::kInteger)) wrong_type(value, path);
        return;
      case Form::kBoolean:
        if (!value.is(Kind::kBoolean)) wrong_type(value, path);
        return;
      case Form::kObject:
        return object(value, field.members, path);
      case Form::kObjects:
        return objects(value, field, path);
      case Form::kAny:
        if (!value.is(Kind::kArray)) wrong_type(value, path);
        return;
    }
  }

  uint64_t row_;
  Findings& findings_;
};

}  // namespace

void check_ddas_trajectory(const JsonValue& trajectory, uint64_t row, Findings& findings) {
  Checker(row, findings).object(trajectory, kTrajectory, "");
}

void check_ddas_envelope(const JsonValue& root, Findings& findings) {
  Checker(0, findings).object(root, kEnvelope, "");
}

}  // namespace sluis::importers
