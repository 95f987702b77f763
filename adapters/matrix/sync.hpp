// The way in by long polling (contracts: Matrix 4): what came is durable before the next batch's token is stored, gaps
// are read before what follows them, the first sync acts on nothing old. Internal to the adapter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/matrix/intake.hpp"

namespace broadsheet::matrix {

struct RoomBatch {
  std::string room;
  bool limited = false;
  std::string prev_batch;
  std::vector<Incoming> events;
};
struct SyncBatch {
  std::string next_batch;
  std::vector<Membership> invites, left;
  std::vector<RoomBatch> joined;
};
// Pure. Malformed events are skipped one by one; an answer without next_batch is an error.
Result<SyncBatch> read_sync(std::string_view body, const Self& self, const Freshness& freshness);

// The filter that is uploaded at each start.
std::string sync_filter();

class Sync {
 public:
  Sync(const Doors& doors, Session& session, Api& api, Intake& intake);
  // Until cancelled, or until the account is lost.
  async::awaitable<void> run(adapters::EventSink& sink, async::TaskGroup& tasks);
  bool healthy() const { return failures_ < 5; }

 private:
  // One poll: an error says that nothing was stored.
  async::awaitable<Status> once(adapters::EventSink& sink, async::TaskGroup& tasks);
  async::awaitable<Status> work_off(SyncBatch batch, adapters::EventSink& sink, async::TaskGroup& tasks);
  async::awaitable<Status> fill_gap(RoomBatch room, adapters::EventSink& sink, async::TaskGroup& tasks);
  async::awaitable<Status> upload_filter();
  async::awaitable<Status> refused(Answer answer);
  Call poll_call() const;
  Freshness freshness() const { return {doors_.clock.now(), {}}; }

  const Doors& doors_;
  Session& session_;
  Api& api_;
  Intake& intake_;
  std::string filter_, since_;
  int failures_ = 0;
};

}  // namespace broadsheet::matrix
