#include "bot/store/postgres/records.hpp"

#include <limits>

#include "bot/store/listing_record.hpp"
#include "bot/store/value_limits.hpp"
#include "digest/record/json.hpp"

namespace broadsheet::store::postgres {
namespace {

using record::digest_from_json;

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

Result<Digest> read_digest(std::string_view body) {
  auto read = digest_from_json(body);
  if (!read) return Error(ErrorKind::corrupt, "A stored digest cannot be read: " + read.error().what());
  return read;
}

}  // namespace

// One that is frozen is not written over, also when it became so between the look and the write.
Status Listings::put(const Listing& listing) {
  auto written = session_.writes(
      "INSERT INTO listings VALUES($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (category, day) DO UPDATE SET "
      "frozen=excluded.frozen, source=excluded.source, fetched=excluded.fetched, note=excluded.note, "
      "entries=excluded.entries WHERE listings.frozen=0",
      {listing.category.str(), listing.day, std::int64_t{listing.frozen}, listing.from.source, listing.from.fetched,
       listing.from.note, entries_json(listing)});
  if (!written) return written.error();
  if (*written) return {};
  auto known = get(listing.category, listing.day);
  if (!known) return known.error();
  return *known && **known == listing ? Status() : stays_frozen(listing);
}

Result<std::optional<Listing>> Listings::read(const std::string& where, const Category& category, std::int64_t day) {
  auto found = session_.run("SELECT " + std::string(kListingColumns) + " FROM listings WHERE category=$1 AND " + where,
                            {category.str(), day});
  if (!found) return found.error();
  if (found->empty()) return std::optional<Listing>();
  auto listing = read_listing(category, (*found)[0]);
  if (!listing) return listing.error();
  return std::optional<Listing>(*std::move(listing));
}

Result<std::optional<Listing>> Listings::get(const Category& category, Day day) {
  return read("day=$2", category, day.time_since_epoch().count());
}

Result<std::optional<Listing>> Listings::last(const Category& category, std::optional<Day> before) {
  return read("day<$2 ORDER BY day DESC LIMIT 1", category, before ? before->time_since_epoch().count() : kNever);
}

Status Digests::put(const Digest& digest) {
  std::string categories = " ";
  for (const auto& c : digest.key.categories) categories += c.str() + " ";
  return session_.write(
      "INSERT INTO digests(key, day, categories, body) VALUES($1,$2,$3,$4) ON CONFLICT (key) DO UPDATE SET "
      "body=excluded.body",
      {digest.key.str(), digest.key.day, categories, record::to_json(digest)});
}

Result<std::optional<Digest>> Digests::get(const DigestKey& key) {
  auto found = session_.run("SELECT body FROM digests WHERE key=$1", {key.str()});
  if (!found) return found.error();
  if (found->empty()) return std::optional<Digest>();
  auto digest = read_digest((*found)[0].text(0));
  if (!digest) return digest.error();
  return std::optional<Digest>(*std::move(digest));
}

Result<std::vector<DigestRef>> Digests::list(std::optional<Day> day, std::optional<Category> category,
                                             std::size_t limit) {
  auto found = session_.run(
      "SELECT body FROM digests WHERE ($1::bigint IS NULL OR day=$1) AND strpos(categories, $2) > 0 ORDER BY day DESC, "
      "number DESC LIMIT $3",
      {day, category ? " " + category->str() + " " : std::string(" "),
       static_cast<std::int64_t>(std::min<std::size_t>(limit, 100'000))});
  if (!found) return found.error();
  std::vector<DigestRef> out;
  for (int i = 0; i < found->size(); ++i) {
    auto digest = read_digest((*found)[i].text(0));
    if (!digest) return digest.error();
    auto counts = digest->counts();
    out.push_back({digest->key, digest->written, counts.shown, counts.announced, digest->imported.format});
  }
  return out;
}

Status NamedValues::put(std::string_view name, std::string_view value) {
  if (value.size() > kLargestValue) return Error(ErrorKind::bad_input, "A stored value may have at most 64 KiB.");
  return session_.write(
      "INSERT INTO named_values VALUES($1,$2::bytea) ON CONFLICT (name) DO UPDATE SET value=excluded.value",
      {name, Value::bytes(value)});
}

Result<std::optional<std::string>> NamedValues::get(std::string_view name) {
  auto found = session_.run("SELECT value FROM named_values WHERE name=$1", {name});
  if (!found) return found.error();
  if (found->empty()) return std::optional<std::string>();
  return std::optional<std::string>((*found)[0].bytes(0));
}

Value end_of(Moment now, std::optional<std::chrono::milliseconds> length) {
  return length ? Value(now + *length) : Value(kNever);
}

Result<std::optional<Tenure>> Roles::take(const std::string& role, const std::string& holder, Moment now,
                                          std::optional<std::chrono::milliseconds> length) {
  now = session_.server_time(now);
  auto taken = session_.run(
      "INSERT INTO leases VALUES($1,$2,1,$3) ON CONFLICT (role) DO UPDATE SET holder=$2, term=leases.term+1, until=$3 "
      "WHERE leases.until<=$4 OR leases.holder=$2 RETURNING term",
      {role, holder, end_of(now, length), now});
  if (!taken) return taken.error();
  if (taken->empty()) return std::optional<Tenure>();
  return std::optional<Tenure>(Tenure{role, holder, (*taken)[0].integer(0)});
}

Result<bool> Roles::set_end(const Tenure& tenure, const Value& until) {
  return session_.writes("UPDATE leases SET until=$4 WHERE role=$1 AND holder=$2 AND term=$3",
                         {tenure.role, tenure.holder, tenure.term, until});
}

Result<bool> Roles::renew(const Tenure& tenure, Moment now, std::optional<std::chrono::milliseconds> length) {
  return set_end(tenure, end_of(session_.server_time(now), length));
}

// Locked until the transaction that asks ends: nobody takes the role while its holder still writes.
Result<bool> Roles::current(const Tenure& tenure) {
  auto found = session_.run("SELECT 1 FROM leases WHERE role=$1 AND holder=$2 AND term=$3 FOR SHARE",
                            {tenure.role, tenure.holder, tenure.term});
  if (!found) return found.error();
  return !found->empty();
}

Status Roles::release(const Tenure& tenure) {
  auto done = set_end(tenure, std::int64_t{0});
  return done ? Status() : Status(done.error());
}

}  // namespace broadsheet::store::postgres
