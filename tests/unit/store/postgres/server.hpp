// A PostgreSQL server of one test program's own: in a temporary folder, on a Unix socket only, run by a user without
// rights, gone when the program ends, however it ends.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace broadsheet::store {

class TestServer {
 public:
  // Nothing, with the reason on standard error, where there is no server program.
  static TestServer* instance();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer();

  // The address of a new, empty database.
  std::string new_database(const std::string& options = "");
  std::string url(const std::string& database) const;
  // What is connected is cut off.
  void stop();
  bool start();

 private:
  TestServer() = default;
  bool prepare();
  pid_t spawn(const std::vector<std::string>& words, bool wait) const;
  std::string programs_, folder_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  pid_t server_ = 0;
  int databases_ = 0;
};

}  // namespace broadsheet::store
