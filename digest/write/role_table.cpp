#include "digest/write/role_table.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "bot/base/text.hpp"
#include "digest/write/role_features.hpp"

namespace broadsheet::write {
namespace {

using Fields = std::vector<std::string_view>;

std::optional<std::vector<int>> numbers(const Fields& fields, std::size_t from) {
  std::vector<int> out;
  for (std::size_t i = from; i < fields.size(); ++i) {
    int x = 0;
    auto [end, failed] = std::from_chars(fields[i].data(), fields[i].data() + fields[i].size(), x);
    if (failed != std::errc() || end != fields[i].data() + fields[i].size()) return std::nullopt;
    out.push_back(x);
  }
  return out;
}

template <std::size_t N>
bool take(std::array<int, N>& into, const Fields& fields, std::size_t from = 1) {
  auto found = numbers(fields, from);
  if (!found || found->size() != N) return false;
  std::copy(found->begin(), found->end(), into.begin());
  return true;
}

bool take_net_line(RoleNet& net, const Fields& fields) {
  auto found = numbers(fields, 1);
  if (!found) return false;
  if (fields[0] == "first")
    net.first.push_back(std::move(*found));
  else if (fields[0] == "second")
    net.second.push_back(std::move(*found));
  else if (fields[0] == "past")
    net.past.push_back(std::move(*found));
  else if (fields[0] == "first_bias")
    net.first_bias = std::move(*found);
  else if (fields[0] == "past_bias")
    net.past_bias = std::move(*found);
  else
    return false;
  return true;
}

bool take_head_line(RoleTable& table, std::size_t& follows, const Fields& fields) {
  if (fields[0] == "start") return take(table.chain.start, fields);
  if (fields[0] == "follow") return follows < kModelRoles && take(table.chain.follow.at(follows++), fields, 2);
  if (fields[0] == "place") return take(table.place_bias, fields);
  if (fields[0] == "opening") return take(table.opening_bias, fields);
  if (fields[0] == "opener") {
    for (std::size_t i = 1; i < fields.size(); ++i) table.openers.insert(FeatureHash("f ").add(fields[i]).value());
    return true;
  }
  if (fields[0] == "net") {
    table.nets.emplace_back();
    return true;
  }
  return !table.nets.empty() && take_net_line(table.nets.back(), fields);
}

// One character a weight; 'P' is 0.
bool take_feature(FeatureTable& features, const Fields& fields) {
  FeatureWeights w;
  if (fields.size() != 2 || fields[1].size() != w.role.size() + w.place.size() + w.opening.size()) return false;
  const char* at = fields[1].data();
  auto fill = [&at](auto& part) {
    for (auto& x : part) x = static_cast<std::int8_t>(*at++ - 'P');
  };
  fill(w.role);
  fill(w.place);
  fill(w.opening);
  return features.add(FeatureHash(fields[0]).value(), w);
}

bool is_whole(const RoleNet& net) {
  auto wide = [](const std::vector<std::vector<int>>& rows, std::size_t width) {
    return std::all_of(rows.begin(), rows.end(), [width](const auto& row) { return row.size() == width; });
  };
  return !net.first.empty() && net.second.size() == kModelRoles && net.past.size() == kModelRoles &&
         net.past_bias.size() == kModelRoles && net.first_bias.size() == net.first.size() &&
         wide(net.first, net.first[0].size()) && wide(net.past, net.first[0].size()) &&
         wide(net.second, net.first.size());
}

}  // namespace

void FeatureTable::reserve(std::size_t features) {
  slots_.resize(std::bit_ceil(features * 2 + 2));
}

bool FeatureTable::add(std::uint64_t feature, const FeatureWeights& weights) {
  auto at = feature & (slots_.size() - 1);
  while (slots_[at].feature != 0 && slots_[at].feature != feature) at = (at + 1) & (slots_.size() - 1);
  if (slots_[at].feature == feature) return false;
  slots_[at] = {feature, weights};
  return true;
}

const FeatureWeights* FeatureTable::find(std::uint64_t feature) const {
  auto at = feature & (slots_.size() - 1);
  while (slots_[at].feature != 0) {
    if (slots_[at].feature == feature) return &slots_[at].weights;
    at = (at + 1) & (slots_.size() - 1);
  }
  return nullptr;
}

std::optional<RoleTable> parse_role_table(std::string_view tsv) {
  RoleTable table;
  auto lines = text::split(tsv, '\n');
  table.features.reserve(lines.size());
  std::size_t follows = 0;
  bool in_features = false;
  for (auto line : lines) {
    if (line.empty() || (!in_features && line.starts_with("# "))) continue;
    auto fields = text::split(line, '\t');
    bool good = in_features || line == "features" || take_head_line(table, follows, fields);
    if (in_features) good = take_feature(table.features, fields);
    if (!good) return std::nullopt;
    in_features = in_features || line == "features";
  }
  bool whole = follows == kModelRoles && !table.nets.empty();
  return whole && std::all_of(table.nets.begin(), table.nets.end(), is_whole) ? std::optional(std::move(table))
                                                                              : std::nullopt;
}

}  // namespace broadsheet::write
