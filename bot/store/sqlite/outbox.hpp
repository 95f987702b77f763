// The outbox on SQLite.
#pragma once

#include <mutex>

#include "bot/store/outbox.hpp"
#include "bot/store/outbox_record.hpp"
#include "bot/store/sqlite/papers.hpp"

namespace broadsheet::store {

class SqliteOutbox final : public Outbox {
 public:
  SqliteOutbox(std::recursive_mutex& mutex, Db& db, Statements& statements)
      : mutex_(mutex), db_(db), statements_(statements) {}

  Result<bool> enqueue(const model::SlotName& slot, const std::vector<model::NewRow>& rows, Moment now) override;
  Result<std::vector<model::OutboxRow>> claim(const Worker& worker, std::size_t limit, Moment now,
                                              Lease lease) override;
  Result<bool> renew(const Worker& worker, Moment now, Lease lease) override;
  Status release(const Worker& worker) override;
  Result<std::vector<model::OutboxRow>> open_rows(const Worker& worker, const std::vector<std::int64_t>& ids) override;
  Result<std::vector<model::Claimed>> begin(const Worker& worker, const std::vector<std::int64_t>& ids,
                                            Moment now) override;
  Result<std::vector<std::int64_t>> mark(const Worker& worker, const std::vector<model::OutboxRow>& rows,
                                         Moment now) override;
  Result<std::optional<model::Claimed>> message(std::int64_t id) override;
  Result<std::vector<model::RemoteId>> remote_ids(const model::Target& target, std::size_t limit) override;
  Result<model::TargetState> target(const model::Target& target) override;
  Status switch_target(const model::Target& target, bool on, const std::string& why) override;
  Status move_target(const model::Target& from, const model::Target& to) override;
  Result<std::map<model::Target, std::string>> targets_off() override;
  Result<std::vector<Begun>> begun_since(const model::PlatformName& platform, Moment since) override;
  Status hold(const std::string& bucket, Moment until) override;
  Result<std::map<std::string, Moment>> holds(Moment now) override;
  Result<std::vector<model::OutboxRow>> list(const Filter& filter) override;
  Result<std::optional<model::OutboxRow>> row(std::int64_t id) override;
  Result<std::optional<std::int64_t>> retry(std::int64_t id, Moment now, Moment expires) override;
  Result<bool> drop(std::int64_t id, Moment now, const std::string& why) override;
  Result<std::map<model::RowState, std::size_t>> counts() override;
  Result<std::optional<Moment>> oldest_due() override;
  Status prune(Moment before) override;

 private:
  // All under the mutex.
  Result<std::vector<model::OutboxRow>> select(const std::string& rest, const Values& values);
  Status insert(const model::NewRow& row);
  Status keep_content(const model::OutgoingMessage& message, const std::string& hash);
  Result<std::vector<model::OutboxRow>> rows_of(Statement& statement);
  Status take_over(const Worker& worker, Moment now);
  Status keep_alive(const Worker& worker, Moment now, Lease lease);
  Result<std::vector<model::OutboxRow>> own(const Worker& worker, std::size_t limit);
  Result<std::optional<model::Claimed>> begin_one(const Worker& worker, std::int64_t id, Moment now);
  Result<std::optional<model::Claimed>> body(std::int64_t id);
  Result<model::RemoteId> thread_of(std::int64_t id);
  Result<bool> mark_one(const Worker& worker, const model::OutboxRow& row, Moment now);
  Status move_subscriptions(const std::string& from, const std::string& to);
  Result<bool> changed(const std::string& sql, const Values& values);
  Status run(const std::string& sql, const Values& values);

  std::recursive_mutex& mutex_;
  Db& db_;
  Statements& statements_;
};

}  // namespace broadsheet::store
