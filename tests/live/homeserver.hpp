// A real homeserver on loopback for a test's time: Synapse, run by the Python that BROADSHEET_SYNAPSE_PYTHON names, in
// a folder that goes away. A test tool beside the product: never linked, never shipped.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/run_program.hpp"

namespace broadsheet::live {

using Json = nlohmann::json;

struct Answer {
  int status = 0;  // 0: no answer
  Json body;       // discarded where it is no JSON
};
// One exchange over its own connection. `body` null: none is sent; `raw` is sent as it stands instead.
struct Ask {
  std::string method = "GET", path, token;
  Json body;
  std::string raw;
};
Answer exchange(std::uint16_t port, const Ask& ask);
// A part of a path, percent-encoded.
std::string part(const std::string& text);

struct HomeserverOptions {
  bool limits = false;          // Synapse's default limits; else next to none
  std::uint16_t push_port = 0;  // of the application service @arxivbot:mx.test; 0: none
};
inline constexpr const char* kAsToken = "as-token-for-tests-only-0123456789abcdef";
inline constexpr const char* kHsToken = "hs-token-for-tests-only-0123456789abcdef";

class Homeserver {
 public:
  // Null: it cannot be run here.
  static bool available();
  explicit Homeserver(HomeserverOptions options = {});
  ~Homeserver();
  Homeserver(const Homeserver&) = delete;
  Homeserver& operator=(const Homeserver&) = delete;

  void start();  // until it answers; throws when it does not within a minute
  void kill();   // SIGKILL
  std::uint16_t port() const { return port_; }
  std::string base() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // A new account's access token; its device is "TESTING".
  std::string account(const std::string& name, const std::string& password, bool admin = false) const;
  std::string log() const { return folder_.read("homeserver.log"); }

 private:
  e2e::Folder folder_;
  HomeserverOptions options_;
  std::uint16_t port_;
  int pid_ = -1;
};

// Somebody with an ordinary client.
class Person {
 public:
  Person(const Homeserver& server, const std::string& name);

  const std::string& id() const { return id_; }
  const std::string& token() const { return token_; }
  Answer call(const std::string& method, const std::string& path, const Json& body = {}) const;
  std::string create_room(const Json& options) const;
  void invite(const std::string& room, const std::string& user) const;
  // The event id; `relation` goes into m.relates_to.
  std::string say(const std::string& room, const std::string& text, const Json& relation = {}) const;
  std::string set_state(const std::string& room, const std::string& type, const Json& content) const;
  // Every event of the room that is not state, oldest first.
  std::vector<Json> history(const std::string& room) const;
  std::string membership(const std::string& room, const std::string& user) const;

 private:
  const Homeserver& server_;
  std::string id_, token_;
};

}  // namespace broadsheet::live
