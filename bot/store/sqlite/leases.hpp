// Roles on SQLite.
#pragma once

#include "bot/store/leases.hpp"
#include "bot/store/sqlite/engine.hpp"

namespace broadsheet::store {

class SqliteLeases final : public Leases {
 public:
  explicit SqliteLeases(Engine& engine) : engine_(engine) {}
  Result<std::optional<Tenure>> take(const std::string& role, const std::string& holder, Moment now,
                                     std::optional<std::chrono::milliseconds> length) override;
  Result<bool> renew(const Tenure& tenure, Moment now, std::optional<std::chrono::milliseconds> length) override;
  Result<bool> current(const Tenure& tenure) override;
  Status release(const Tenure& tenure) override;

 private:
  Result<bool> changed(const char* sql, const Tenure& tenure, std::int64_t until);
  Engine& engine_;
};

}  // namespace broadsheet::store
