// The outbox on PostgreSQL.
#pragma once

#include <atomic>

#include "bot/store/outbox.hpp"
#include "bot/store/postgres/pool.hpp"

namespace broadsheet::store::postgres {

class Sendings final : public Outbox {
 public:
  explicit Sendings(Session& session) : session_(session) {}
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
  Result<std::vector<Begun>> begun_since(const model::PlatformName& platform, Moment since) override;
  Result<std::optional<model::Claimed>> message(std::int64_t id) override;
  Result<std::vector<model::RemoteId>> remote_ids(const model::Target& target, std::size_t limit) override;
  Result<model::TargetState> target(const model::Target& target) override;
  Status switch_target(const model::Target& target, bool on, const std::string& why) override;
  Status move_target(const model::Target& from, const model::Target& to) override;
  Result<std::map<model::Target, std::string>> targets_off() override;
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
  Result<std::vector<model::OutboxRow>> select(const std::string& rest, const Values& values);
  Result<bool> look(const Worker& worker, Moment now, Lease lease);
  Session& session_;
  std::atomic<std::uint64_t> claims_ = 0;
};

// The rows that can be read, in order of sending; of the others the log tells.
std::vector<model::OutboxRow> read_rows(const Answer& found);
// What to send for these rows, in the order of the ids; nothing for one whose text is not there.
Result<std::vector<model::Claimed>> read_messages(Link& link, const std::vector<std::int64_t>& ids);

}  // namespace broadsheet::store::postgres
