#include "bot/store/outbox_record.hpp"

namespace broadsheet::store {
namespace {

using model::Target;

Moment moment(std::int64_t value) {
  return Moment(std::chrono::milliseconds(value));
}

Error damaged() {
  return {ErrorKind::corrupt, "A row of the outbox cannot be read. Restore a backup: broadsheet restore FILE"};
}

}  // namespace

Result<model::OutboxRow> read_outbox_row(const Row& s) {
  model::OutboxRow out;
  auto target = Target::parse(s.text(2));
  auto kind = model::parse_part_kind(s.text(5));
  auto policy = model::parse_unknown_policy(s.text(13));
  auto state = s.integer(7);
  if (!target || !kind || !policy || state < 0 || state > static_cast<std::int64_t>(model::RowState::dead))
    return damaged();
  out.id = s.integer(0);
  out.key = model::DeliveryKey(std::string(s.text(1)));
  out.target = std::move(*target);
  out.group = s.text(3);
  out.part = static_cast<int>(s.integer(4));
  out.kind = *kind;
  out.in_thread = s.integer(6) != 0;
  out.state = static_cast<model::RowState>(state);
  out.attempt = static_cast<int>(s.integer(8));
  out.first_t0 = moment(s.integer(9));
  out.t0 = moment(s.integer(10));
  out.due = moment(s.integer(11));
  out.expires = moment(s.integer(12));
  out.on_unknown = *policy;
  out.remote_id = model::RemoteId(std::string(s.text(14)));
  out.error = s.text(15);
  out.times_unknown = static_cast<int>(s.integer(16));
  out.term = s.integer(17);
  return out;
}

}  // namespace broadsheet::store
