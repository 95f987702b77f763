// The room where one person reads what is for them alone (contracts: Matrix 6, 10; spec: commands 1.4): the one that is
// known while the person is in it or invited and it is not encrypted, else a new one. Internal to the adapter.
#pragma once

#include <string>

#include "adapters/matrix/api.hpp"
#include "adapters/matrix/rooms.hpp"

namespace broadsheet::matrix {

class DirectRooms {
 public:
  // Everything outlives it.
  DirectRooms(const Doors& doors, Api& api, Rooms& rooms) : doors_(doors), api_(api), rooms_(rooms) {}

  // Errors: refused (the homeserver or the person does not let us: final), else as the homeserver's answer, with
  // retry_after where it told to wait.
  async::awaitable<Result<std::string>> with(std::string user);

 private:
  async::awaitable<Result<bool>> reaches(std::string room, std::string user);
  async::awaitable<Result<std::string>> create(std::string user);

  const Doors& doors_;
  Api& api_;
  Rooms& rooms_;
};

}  // namespace broadsheet::matrix
