// The client-server calls that the adapter makes, with the session's token (contracts: Matrix 4, 5, 10). Internal to
// the adapter.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "adapters/matrix/allowance.hpp"
#include "adapters/matrix/json.hpp"
#include "adapters/matrix/session.hpp"
#include "adapters/matrix/wire.hpp"

namespace broadsheet::matrix {

// "/_matrix/client/v3/rooms/ROOM/REST"; `more`, where not empty, is another part.
std::string room_path(const std::string& room, std::string_view rest, const std::string& more = {});

class Api {
 public:
  Api(Session& session, Wire& wire, Clock& clock);

  // What the account may say; messages and joins draw from it.
  Allowance& allowance() { return allowance_; }

  // With the token; renewed once when the homeserver refuses it.
  async::awaitable<Answer> call(Call call);
  // A good answer as JSON; 404 is not_found, 403 not_allowed.
  async::awaitable<Result<Json>> fetch(std::string path, std::vector<std::pair<std::string, std::string>> query,
                                       std::size_t max_response = std::size_t{8} << 20);

  async::awaitable<Answer> put_event(std::string room, std::string type, std::string transaction, std::string content);
  async::awaitable<Result<Json>> state(std::string room, std::string type, std::string key = {});
  // The whole event where the server knows `format` (1.17), else its content alone.
  async::awaitable<Result<Json>> state_event(std::string room, std::string type);
  async::awaitable<Result<Json>> event(std::string room, std::string id);
  // dir "b" or "f"; `to` may be empty.
  struct Page {
    std::string room, dir, from, to;
    int limit = 50;
  };
  async::awaitable<Result<Json>> messages(Page page);
  async::awaitable<Result<std::vector<std::string>>> joined_rooms();
  async::awaitable<Answer> join(std::string room, std::string via);
  async::awaitable<Answer> leave(std::string room);
  async::awaitable<void> typing(std::string room);
  async::awaitable<void> receipt(std::string room, std::string event, std::string thread);

 private:
  Session& session_;
  Wire& wire_;
  Allowance allowance_;
};

}  // namespace broadsheet::matrix
