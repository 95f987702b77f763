// Sending, finding again, editing and answering (contracts: Matrix 5, 6, 10). Internal to the adapter.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/matrix/api.hpp"
#include "adapters/matrix/direct_rooms.hpp"
#include "adapters/matrix/intake.hpp"
#include "adapters/matrix/own_keys.hpp"
#include "adapters/matrix/rooms.hpp"
#include "adapters/platform.hpp"

namespace broadsheet::matrix {

class Sender {
 public:
  Sender(const Doors& doors, Session& session, Api& api, Rooms& rooms, Intake& intake, DirectRooms& direct,
         OwnKeys& keys);

  async::awaitable<adapters::SendOutcome> send(adapters::SendRequest request);
  async::awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request);
  async::awaitable<adapters::SendOutcome> edit(model::Target target, model::RemoteId remote_id,
                                               model::OutgoingMessage message);
  async::awaitable<adapters::SendOutcome> reply(adapters::ReplyRequest request);
  // Why nothing can be posted there now; nothing: it can, or that cannot be told.
  async::awaitable<std::optional<adapters::Refused>> hindrance(std::string room);
  // What an earlier run spent of the account's allowance.
  async::awaitable<void> recall_debt();

  std::string request_body(const adapters::SendRequest& request) const;
  std::vector<adapters::Pace> paces() const;

 private:
  struct Posting {
    std::string room, key, content, bare;  // bare: without relation, for when the server refuses that
    std::uint64_t revision = 0;
  };
  async::awaitable<adapters::SendOutcome> post(Posting posting);
  async::awaitable<adapters::SendOutcome> answer_surely(Posting posting);
  async::awaitable<adapters::SendOutcome> outcome_of(Answer answer, Posting posting);
  async::awaitable<adapters::SendOutcome> check_room(std::string room, std::string said);
  async::awaitable<std::optional<adapters::SendOutcome>> may_post(std::string room);
  async::awaitable<Result<std::string>> direct_room(std::string user);
  async::awaitable<void> turn();
  async::awaitable<void> keep_debt();
  async::awaitable<bool> small_room(std::string room);
  std::string transaction(const Posting& posting) const;
  bool ours(const Json& event, const adapters::FindRequest& request, const std::string& transaction) const;

  const Doors& doors_;
  Session& session_;
  Api& api_;
  Rooms& rooms_;
  Intake& intake_;
  DirectRooms& direct_;
  OwnKeys& keys_;
  std::optional<async::AsyncMutex> answering_;  // answers leave one by one, in the order in which they came
  std::size_t answers_ = 0;                     // that wait or are under way: cards let them go first
  std::map<std::string, int> internal_errors_;  // 500s by delivery key: at most five for one content
  std::uint64_t edits_ = 0;
};

}  // namespace broadsheet::matrix
