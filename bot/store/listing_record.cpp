#include "bot/store/listing_record.hpp"

#include <nlohmann/json.hpp>

namespace broadsheet::store {
namespace {

using Json = nlohmann::json;

Result<std::vector<Announced>> entries_from(std::string_view text) {
  Error damaged(ErrorKind::corrupt, "A stored listing cannot be read. Restore a backup: broadsheet restore FILE");
  auto list = Json::parse(text, nullptr, false);
  if (!list.is_array()) return damaged;
  std::vector<Announced> out;
  for (const auto& e : list) {
    if (!e.is_array() || e.size() != 3 || !e[0].is_string() || !e[1].is_number_integer() || !e[2].is_string())
      return damaged;
    auto id = PaperId::parse(e[0].get<std::string>());
    auto type = parse_announce_type(e[2].get<std::string>());
    if (!id || !type) return damaged;
    out.push_back({*id, e[1].get<int>(), *type});
  }
  return out;
}

}  // namespace

std::string entries_json(const Listing& listing) {
  auto list = Json::array();
  for (const auto& e : listing.entries) list.push_back({e.id.str(), e.version, std::string(to_string(e.type))});
  return list.dump();
}

Result<Listing> read_listing(const Category& category, const Row& row) {
  auto entries = entries_from(row.text(5));
  if (!entries) return entries.error();
  Listing out{.category = category, .day = Day(std::chrono::days(row.integer(0))), .entries = *std::move(entries)};
  out.frozen = row.integer(1) != 0;
  out.from = {std::string(row.text(2)), Moment(std::chrono::milliseconds(row.integer(3))), std::string(row.text(4))};
  return out;
}

Error stays_frozen(const Listing& listing) {
  return {ErrorKind::not_allowed, "The listing of " + listing.category.str() + " on " + to_string(listing.day) +
                                      " is complete and stays as it is."};
}

}  // namespace broadsheet::store
