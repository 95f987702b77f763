// Listings, digests and small values on SQLite.
#pragma once

#include "bot/store/digests.hpp"
#include "bot/store/listing_record.hpp"
#include "bot/store/listings.hpp"
#include "bot/store/sqlite/engine.hpp"
#include "bot/store/values.hpp"

namespace broadsheet::store {

class SqliteListings final : public ListingRepository {
 public:
  explicit SqliteListings(Engine& engine) : engine_(engine) {}
  Status put(const Listing& listing) override;
  Result<std::optional<Listing>> get(const Category& category, Day day) override;
  Result<std::optional<Listing>> last(const Category& category, std::optional<Day> before) override;

 private:
  Result<std::optional<Listing>> read(const std::string& where, const Category& category, std::int64_t day);
  Engine& engine_;
};

class SqliteDigests final : public DigestRepository {
 public:
  explicit SqliteDigests(Engine& engine) : engine_(engine) {}
  Status put(const Digest& digest) override;
  Result<std::optional<Digest>> get(const DigestKey& key) override;
  Result<std::vector<DigestRef>> list(std::optional<Day> day, std::optional<Category> category,
                                      std::size_t limit) override;

 private:
  Engine& engine_;
};

class SqliteValues final : public ValueRepository {
 public:
  explicit SqliteValues(Engine& engine) : engine_(engine) {}
  Status put(std::string_view name, std::string_view value) override;
  Result<std::optional<std::string>> get(std::string_view name) override;

 private:
  Engine& engine_;
};

}  // namespace broadsheet::store
