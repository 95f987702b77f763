// Listings, digests, small values and roles on PostgreSQL.
#pragma once

#include "bot/store/digests.hpp"
#include "bot/store/leases.hpp"
#include "bot/store/listings.hpp"
#include "bot/store/postgres/pool.hpp"
#include "bot/store/values.hpp"

namespace broadsheet::store::postgres {

class Listings final : public ListingRepository {
 public:
  explicit Listings(Session& session) : session_(session) {}
  Status put(const Listing& listing) override;
  Result<std::optional<Listing>> get(const Category& category, Day day) override;
  Result<std::optional<Listing>> last(const Category& category, std::optional<Day> before) override;

 private:
  Result<std::optional<Listing>> read(const std::string& where, const Category& category, std::int64_t day);
  Session& session_;
};

class Digests final : public DigestRepository {
 public:
  explicit Digests(Session& session) : session_(session) {}
  Status put(const Digest& digest) override;
  Result<std::optional<Digest>> get(const DigestKey& key) override;
  Result<std::vector<DigestRef>> list(std::optional<Day> day, std::optional<Category> category,
                                      std::size_t limit) override;

 private:
  Session& session_;
};

class NamedValues final : public ValueRepository {
 public:
  explicit NamedValues(Session& session) : session_(session) {}
  Status put(std::string_view name, std::string_view value) override;
  Result<std::optional<std::string>> get(std::string_view name) override;

 private:
  Session& session_;
};

// By the server's clock.
class Roles final : public Leases {
 public:
  explicit Roles(Session& session) : session_(session) {}
  Result<std::optional<Tenure>> take(const std::string& role, const std::string& holder, Moment now,
                                     std::optional<std::chrono::milliseconds> length) override;
  Result<bool> renew(const Tenure& tenure, Moment now, std::optional<std::chrono::milliseconds> length) override;
  Result<bool> current(const Tenure& tenure) override;
  Status release(const Tenure& tenure) override;

 private:
  Result<bool> set_end(const Tenure& tenure, const Value& until);
  Session& session_;
};

// When a lease that begins now ends; without a length: never.
Value end_of(Moment now, std::optional<std::chrono::milliseconds> length);

}  // namespace broadsheet::store::postgres
