// Keys, ratios and distributions as in clauses 1.4 and 4.2 of the TPC-H specification, without its texts.
// Money in cents, discount and tax in hundredths.
#include <algorithm>

#include "data_parts.h"
#include "demo/random.h"

namespace sluis::queries {
namespace {

using demo::Random;
using relation::Table;
using relation::Type;

constexpr int64_t kOrdersPerCustomer = 10;

const std::vector<std::pair<const char*, int64_t>>& nations() {  // name, region
  static const std::vector<std::pair<const char*, int64_t>> kNations = {
      {"ALGERIA", 0},      {"ARGENTINA", 1},  {"BRAZIL", 1},  {"CANADA", 1},         {"EGYPT", 4},
      {"ETHIOPIA", 0},     {"FRANCE", 3},     {"GERMANY", 3}, {"INDIA", 2},          {"INDONESIA", 2},
      {"IRAN", 4},         {"IRAQ", 4},       {"JAPAN", 2},   {"JORDAN", 4},         {"KENYA", 0},
      {"MOROCCO", 0},      {"MOZAMBIQUE", 0}, {"PERU", 1},    {"CHINA", 2},          {"ROMANIA", 3},
      {"SAUDI ARABIA", 4}, {"VIETNAM", 2},    {"RUSSIA", 3},  {"UNITED KINGDOM", 3}, {"UNITED STATES", 1}};
  return kNations;
}

Type part_types() {
  std::vector<std::string> all;
  for (const char* a : {"STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO"})
    for (const char* b : {"ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED"})
      for (const char* c : {"TIN", "NICKEL", "BRASS", "STEEL", "COPPER"})
        all.push_back(std::string(a) + " " + b + " " + c);
  return Type::category(all);
}

Type nation_names() {
  std::vector<std::string> all;
  for (const auto& nation : nations()) all.emplace_back(nation.first);
  return Type::category(all);
}

Type stored_date() { return Type::date(date_of(1992, 1, 1), date_of(1998, 12, 31)); }

struct Sizes {
  int64_t customers, orders, parts, suppliers;
};
Sizes sizes_of(int64_t customers) {
  return {customers, customers * kOrdersPerCustomer, std::max<int64_t>(20, customers * 4 / 3),
          std::max<int64_t>(5, customers / 15)};
}

std::vector<Table> places() {
  const Type names = nation_names();
  const Type regions = Type::category({"AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"});
  Table nation = Table::empty({"nation",
                               {{"n_nationkey", Type::integer(0, 24), false},
                                {"n_name", names, false},
                                {"n_regionkey", Type::integer(0, 4), false}},
                               {{"n_nationkey"}}});
  Table region = Table::empty({"region",
                               {{"r_regionkey", Type::integer(0, 4), false}, {"r_name", regions, false}},
                               {{"r_regionkey"}}});
  for (size_t n = 0; n < nations().size(); ++n)
    add_row(nation, {static_cast<int64_t>(n), names.code(nations()[n].first), nations()[n].second});
  for (int64_t r = 0; r < 5; ++r) add_row(region, {r, r});
  return {std::move(nation), std::move(region)};
}

Table customers(const Sizes& sizes, Random& random) {
  const Type segments = Type::category({"AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"});
  Table table = Table::empty({"customer",
                              {{"c_custkey", Type::integer(1, sizes.customers), false},
                               {"c_nationkey", Type::integer(0, 24), false},
                               {"c_mktsegment", segments, false},
                               {"c_acctbal", Type::integer(-99'999, 999'999), false}},
                              {{"c_custkey"}}});
  for (int64_t key = 1; key <= sizes.customers; ++key)
    add_row(table, {key, random.below(25), random.below(5), random.between(-99'999, 999'999)});
  return table;
}

Table suppliers(const Sizes& sizes, Random& random) {
  Table table = Table::empty({"supplier",
                              {{"s_suppkey", Type::integer(1, sizes.suppliers), false},
                               {"s_nationkey", Type::integer(0, 24), false}},
                              {{"s_suppkey"}}});
  for (int64_t key = 1; key <= sizes.suppliers; ++key) add_row(table, {key, random.below(25)});
  return table;
}

Table parts(const Sizes& sizes, Random& random) {
  const Type types = part_types();
  Table table = Table::empty({"part",
                              {{"p_partkey", Type::integer(1, sizes.parts), false}, {"p_type", types, false}},
                              {{"p_partkey"}}});
  for (int64_t key = 1; key <= sizes.parts; ++key) add_row(table, {key, random.below(types.hi + 1)});
  return table;
}

// Cents, by the specification's formula.
int64_t retail_price(int64_t part) { return 90'000 + part / 10 % 20'001 + 100 * (part % 1'000); }

Table empty_orders(const Sizes& sizes) {
  const Type priorities = Type::category({"1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"});
  return Table::empty({"orders",
                       {{"o_orderkey", Type::integer(1, sizes.orders), false},
                        {"o_custkey", Type::integer(1, sizes.customers), false},
                        {"o_orderdate", stored_date(), false},
                        {"o_orderpriority", priorities, false},
                        {"o_totalprice", Type::integer(0, 80'000'000), false},
                        {"o_special_requests", Type::boolean(), false}},
                       {{"o_orderkey"}}});
}

Table empty_lineitem(const Sizes& sizes) {
  const Type modes = Type::category({"AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"});
  return Table::empty({"lineitem",
                       {{"l_orderkey", Type::integer(1, sizes.orders), false},
                        {"l_partkey", Type::integer(1, sizes.parts), false},
                        {"l_suppkey", Type::integer(1, sizes.suppliers), false},
                        {"l_quantity", Type::integer(1, 50), false},
                        {"l_extendedprice", Type::integer(0, 10'495'000), false},
                        {"l_discount", Type::integer(0, 10), false},
                        {"l_tax", Type::integer(0, 8), false},
                        {"l_returnflag", Type::category({"A", "N", "R"}), false},
                        {"l_linestatus", Type::category({"F", "O"}), false},
                        {"l_shipdate", stored_date(), false},
                        {"l_commitdate", stored_date(), false},
                        {"l_receiptdate", stored_date(), false},
                        {"l_shipmode", modes, false}},
                       {}});
}

struct OrderHead {
  int64_t key, day;
  bool bulk;  // seven lines of 40 to 50 pieces
};

// One line; its price after discount, with tax, in cents.
int64_t add_line(Table& lineitem, const OrderHead& order, const Sizes& sizes, Random& random) {
  const int64_t now = date_of(1995, 6, 17);
  const int64_t part = random.between(1, sizes.parts);
  const int64_t quantity = random.between(order.bulk ? 40 : 1, 50);
  const int64_t price = quantity * retail_price(part);
  const int64_t discount = random.below(11);
  const int64_t tax = random.below(9);
  const int64_t shipped = order.day + random.between(1, 121);
  const int64_t received = shipped + random.between(1, 30);
  const int64_t returned = received > now ? 1 : 2 * random.below(2);  // A, N, R
  add_row(lineitem,
          {order.key, part, random.between(1, sizes.suppliers), quantity, price, discount, tax, returned,
           shipped > now ? 1 : 0, shipped, order.day + random.between(30, 90), received, random.below(7)});
  return price * (100 - discount) * (100 + tax) / 10'000;
}

}  // namespace

std::vector<Table> tpch_tables(int64_t customer_count, uint64_t seed) {
  const Sizes sizes = sizes_of(customer_count);
  Random random(seed);
  std::vector<Table> tables = places();
  tables.push_back(customers(sizes, random));
  tables.push_back(suppliers(sizes, random));
  tables.push_back(parts(sizes, random));
  Table orders = empty_orders(sizes);
  Table lineitem = empty_lineitem(sizes);
  const int64_t first = date_of(1992, 1, 1);
  const int64_t last = date_of(1998, 8, 2);
  for (int64_t key = 1; key <= sizes.orders; ++key) {
    int64_t customer = random.between(1, sizes.customers);
    if (customer % 3 == 0 && customer > 1) --customer;  // a third of the customers never order
    const OrderHead order{key, random.between(first, last), random.chance(0.01)};
    int64_t total = 0;
    for (int64_t left = order.bulk ? 7 : random.between(1, 7); left > 0; --left)
      total += add_line(lineitem, order, sizes, random);
    add_row(orders, {key, customer, order.day, random.below(5), total, random.chance(0.05) ? 1 : 0});
  }
  tables.push_back(std::move(orders));
  tables.push_back(std::move(lineitem));
  return tables;
}

}  // namespace sluis::queries
