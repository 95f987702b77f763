#include "bot/base/text.hpp"
#include "bot/store/transfer_sides.hpp"

namespace broadsheet::store {
namespace {

// "name" is text, "name#" a number, "name%" bytes.
TransferTable table(std::string name, std::size_t keys, std::string_view columns) {
  TransferTable out{.name = std::move(name), .columns = {}, .keys = keys};
  using Kind = TransferTable::Column::Kind;
  for (auto word : text::split(columns, ' ')) {
    auto kind = word.ends_with('#') ? Kind::number : word.ends_with('%') ? Kind::bytes : Kind::text;
    if (kind != Kind::text) word.remove_suffix(1);
    out.columns.push_back({std::string(word), kind});
  }
  return out;
}

std::vector<TransferTable> made() {
  auto values = table("named_values", 1, "name value%");
  values.only = "name NOT LIKE 'store.%'";
  return {table("paper_versions", 2, "key# version# updated# withdrawn# title_raw abstract_raw"),
          std::move(values),
          table("listings", 2, "category day# frozen# source fetched# note entries"),
          table("digests", 1, "number# key day# categories body"),
          table("contents", 1, "hash body preview"),
          table("outbox", 1,
                "id# key platform target grp part# kind in_thread# content state# attempt# first_t0# t0# due# expires# "
                "on_unknown remote_id error times_unknown# ended# owner term#"),
          table("slots", 1, "name filled#"),
          table("targets", 1, "target off_why last_id"),
          table("holds", 1, "bucket until#"),
          table("inbox", 2, "platform event payload seen# expires#"),
          table("subscriptions", 1, "id target number# categories options state# why fixed# made_by created#"),
          table("subscription_numbers", 1, "target last#"),
          table("covered", 1, "subscription day#"),
          table("posts", 2, "subscription day# state detail at#")};
}

}  // namespace

const std::vector<TransferTable>& transfer_tables() {
  static const auto tables = made();
  return tables;
}

}  // namespace broadsheet::store
