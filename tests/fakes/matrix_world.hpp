// What the fake homeserver knows and how it answers; the fake around it gives it a voice. Internal to the fake.
#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/fake_matrix.hpp"

namespace broadsheet::fakes {

class MatrixWorld {
 public:
  using Json = nlohmann::json;

  explicit MatrixWorld(FakeMatrixOptions o);
  Reply handle(const Seen& seen);
  // Appends to the stream; the event's id.
  std::string add(const std::string& room, Json event);

  struct Room {
    std::set<std::string> members;
    std::map<std::string, int> power;
    bool encrypted = false;
    Json create = {{"room_version", "10"}}, tombstone, name;
  };
  struct Logged {
    std::string room;
    Json event;
  };
  struct Invited {
    Json state;
    std::size_t position = 0;  // in the log
  };
  struct Planned {
    std::string what;
    Reply reply;
    bool execute_first = false;
  };

  FakeMatrixOptions options;
  SystemClock system_clock;
  mutable std::mutex mutex;
  std::map<std::string, Room> rooms;
  std::vector<Logged> log;
  std::map<std::string, Invited> invites;     // by room
  std::map<std::string, std::string> memory;  // event ids by path, as a process keeps them
  std::map<std::string, std::string> rows;    // and by room, device and transaction, as the database does
  std::set<std::string> faults;
  std::vector<FakeMatrix::Call> calls;
  std::vector<Planned> planned;
  std::map<FakeMatrix::Point, std::function<void()>> strikes;
  std::set<std::uint64_t> connections;
  bool just_answered = false;  // a message
  std::string token, refresh_token = "refresh-1";
  double left_in_bucket = 0;
  SteadyMoment filled{};
  std::size_t limited = 0, syncs = 0, logins = 0, refreshes = 0, next_id = 1;
  bool soft_logout = false;
  int oauth_asked = 0;  // for the token of a device

 private:
  struct Request {
    std::vector<std::string> path;  // after /_matrix/client/vN
    std::map<std::string, std::string> query;
    Json body;
    const Seen* seen = nullptr;
    bool is(const char* method, std::size_t parts, const char* first) const {
      return seen->method == method && path.size() == parts && path[0] == first;
    }
    std::string asked(const char* key) const {
      auto it = query.find(key);
      return it == query.end() ? std::string() : it->second;
    }
  };

  void pass(FakeMatrix::Point point);
  Reply answer(const Seen& seen);
  Reply serve(const Seen& seen);
  static std::optional<Request> parse(const Seen& seen);
  std::optional<Reply> unauthorized(const Seen& seen) const;
  Json new_tokens();
  static std::map<std::string, std::string> form_of(const Seen& seen);
  Reply oauth(const Seen& seen);
  Reply login(const Request& r);
  Reply refresh(const Request& r);
  Reply of_account(const Request& r);
  Reply join(const std::string& id);
  Reply create_room(const Request& r);
  Reply leave(const std::string& id);
  Reply sync(const Request& r);
  std::pair<Json, bool> batch(std::optional<std::size_t> since);

  Reply in_room(const Request& r);
  Reply send(const Request& r, const Room& room);
  Reply redact(const Request& r);
  std::optional<Reply> over_limit();
  std::optional<Reply> bad_content(const Request& r) const;
  std::optional<Reply> bad_relation(const Request& r) const;
  Reply messages(const Request& r) const;
  Reply event(const Request& r) const;
  static Reply state(const Request& r, const Room& room);
};

Reply matrix_reply(int status, const nlohmann::json& body);
Reply matrix_error(int status, const std::string& code, const std::string& text);
// "s12" and back; nothing for another form.
std::string token_at(std::size_t position);
std::optional<std::size_t> position_of(const std::string& token);

}  // namespace broadsheet::fakes
