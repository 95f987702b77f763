#include "bot/store/sqlite/records.hpp"

#include <sqlite3.h>

#include "bot/store/value_limits.hpp"
#include "digest/record/json.hpp"

namespace broadsheet::store {
namespace {

using record::digest_from_json;
using record::to_json;

}  // namespace

Status SqliteListings::put(const Listing& listing) {
  auto known = get(listing.category, listing.day);
  if (!known) return known.error();
  if (*known && (*known)->frozen) return **known == listing ? Status() : stays_frozen(listing);
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get(
      "INSERT INTO listings VALUES(?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET frozen=excluded.frozen, "
      "source=excluded.source, fetched=excluded.fetched, note=excluded.note, entries=excluded.entries WHERE frozen=0");
  if (!found) return found.error();
  Use s(**found);
  auto entries = entries_json(listing);
  s->bind(1, listing.category.str())
      .bind(2, std::int64_t{listing.day.time_since_epoch().count()})
      .bind(3, std::int64_t{listing.frozen});
  s->bind(4, listing.from.source)
      .bind(5, std::int64_t{listing.from.fetched.time_since_epoch().count()})
      .bind(6, listing.from.note)
      .bind(7, entries);
  return engine_.db.finish(s->step());
}

Result<std::optional<Listing>> SqliteListings::read(const std::string& where, const Category& category,
                                                    std::int64_t day) {
  std::lock_guard guard(engine_.mutex);
  auto found =
      engine_.statements.get("SELECT " + std::string(kListingColumns) + " FROM listings WHERE category=? AND " + where);
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, category.str()).bind(2, day);
  int code = s->step();
  if (code == SQLITE_DONE) return std::optional<Listing>();
  if (code != SQLITE_ROW) return engine_.db.error(code);
  auto out = read_listing(category, *s);
  if (!out) return out.error();
  return std::optional<Listing>(*std::move(out));
}

Result<std::optional<Listing>> SqliteListings::get(const Category& category, Day day) {
  return read("day=?", category, day.time_since_epoch().count());
}

Result<std::optional<Listing>> SqliteListings::last(const Category& category, std::optional<Day> before) {
  auto end = before ? std::int64_t{before->time_since_epoch().count()} : std::numeric_limits<std::int64_t>::max();
  return read("day<? ORDER BY day DESC LIMIT 1", category, end);
}

Status SqliteDigests::put(const Digest& digest) {
  auto body = to_json(digest), key = digest.key.str();
  std::string categories = " ";
  for (const auto& c : digest.key.categories) categories += c.str() + " ";
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get(
      "INSERT INTO digests(key, day, categories, body) VALUES(?,?,?,?) ON CONFLICT(key) DO UPDATE SET "
      "body=excluded.body");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, key).bind(2, std::int64_t{digest.key.day.time_since_epoch().count()}).bind(3, categories).bind(4, body);
  return engine_.db.finish(s->step());
}

Result<std::optional<Digest>> SqliteDigests::get(const DigestKey& key) {
  std::string body;
  {
    std::lock_guard guard(engine_.mutex);
    auto found = engine_.statements.get("SELECT body FROM digests WHERE key=?");
    if (!found) return found.error();
    Use s(**found);
    auto name = key.str();
    s->bind(1, name);
    int code = s->step();
    if (code == SQLITE_DONE) return std::optional<Digest>();
    if (code != SQLITE_ROW) return engine_.db.error(code);
    body = s->text(0);
  }
  auto read = digest_from_json(body);
  if (!read) return Error(ErrorKind::corrupt, "A stored digest cannot be read: " + read.error().what());
  return std::optional<Digest>(*std::move(read));
}

Result<std::vector<DigestRef>> SqliteDigests::list(std::optional<Day> day, std::optional<Category> category,
                                                   std::size_t limit) {
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get(
      "SELECT body FROM digests WHERE (?1 IS NULL OR day=?1) AND instr(categories, ?2) ORDER BY day DESC, number DESC "
      "LIMIT ?3");
  if (!found) return found.error();
  Use s(**found);
  auto wanted = category ? " " + category->str() + " " : std::string(" ");
  s->bind(1, day ? std::optional<std::int64_t>(day->time_since_epoch().count()) : std::nullopt).bind(2, wanted);
  s->bind(3, static_cast<std::int64_t>(std::min<std::size_t>(limit, 100'000)));
  std::vector<DigestRef> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) {
    auto read = digest_from_json(s->text(0));
    if (!read) return Error(ErrorKind::corrupt, "A stored digest cannot be read: " + read.error().what());
    auto counts = read->counts();
    out.push_back({read->key, read->written, counts.shown, counts.announced, read->imported.format});
  }
  if (code != SQLITE_DONE) return engine_.db.error(code);
  return out;
}

Status SqliteValues::put(std::string_view name, std::string_view value) {
  if (value.size() > kLargestValue) return Error(ErrorKind::bad_input, "A stored value may have at most 64 KiB.");
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get(
      "INSERT INTO named_values VALUES(?, CAST(? AS BLOB)) ON CONFLICT(name) DO UPDATE SET value=excluded.value");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, name).bind(2, value);
  return engine_.db.finish(s->step());
}

Result<std::optional<std::string>> SqliteValues::get(std::string_view name) {
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get("SELECT value FROM named_values WHERE name=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, name);
  int code = s->step();
  if (code == SQLITE_ROW) return std::optional<std::string>(std::string(s->text(0)));
  if (code != SQLITE_DONE) return engine_.db.error(code);
  return std::optional<std::string>();
}

}  // namespace broadsheet::store
