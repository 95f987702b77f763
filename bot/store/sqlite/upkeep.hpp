// What the SQLite store does for itself: the search index, what it knows of words, looking for damage, copies.
#pragma once

#include "bot/store/sqlite/engine.hpp"
#include "bot/store/upkeep.hpp"

namespace broadsheet::store {

class SqliteUpkeep final : public Upkeep {
 public:
  explicit SqliteUpkeep(Engine& engine) : engine_(engine) {}
  Status backup(const std::string& file) override;
  Status check() override;
  bool suspect() override { return engine_.unclean(); }
  Status check_quick(const std::stop_token& stop) override;
  Result<Progress> step() override;
  Status optimise() override;
  int schema_version() override { return kSchemaVersion; }

 private:
  Engine& engine_;
};

}  // namespace broadsheet::store
