#include "server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "bot/store/postgres/link.hpp"

namespace broadsheet::store {
namespace {

namespace fs = std::filesystem;

// The newest one of Debian's.
std::string server_programs() {
  std::string best;
  std::error_code ec;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", ec)) {
    auto folder = version.path() / "bin";
    if (fs::exists(folder / "initdb", ec) && fs::exists(folder / "postgres", ec))
      best = std::max(best, folder.string());
  }
  return best;
}

}  // namespace

TestServer* TestServer::instance() {
  static std::unique_ptr<TestServer> server = [] {
    std::unique_ptr<TestServer> made(new TestServer);
    if (!made->prepare() || !made->start()) {
      std::cerr << "SKIPPED: no PostgreSQL server can be started here (Debian: apt-get install postgresql). Nothing of "
                   "the PostgreSQL store was tested.\n";
      made.reset();
    }
    return made;
  }();
  return server.get();
}

TestServer::~TestServer() {
  stop();
  std::error_code ec;
  if (!folder_.empty()) fs::remove_all(folder_, ec);
}

// PostgreSQL refuses to run as root.
bool TestServer::prepare() {
  programs_ = server_programs();
  if (programs_.empty()) return false;
  user_ = ::geteuid(), group_ = ::getegid();
  if (user_ == 0) {
    const auto* other = ::getpwnam("postgres");
    if (other == nullptr) other = ::getpwnam("nobody");
    if (other == nullptr) return false;
    user_ = other->pw_uid, group_ = other->pw_gid;
  }
  std::string folder = "/tmp/broadsheet-postgres-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return false;
  folder_ = folder;
  if (::geteuid() == 0 && ::chown(folder_.c_str(), user_, group_) != 0) return false;
  return spawn({programs_ + "/initdb", "-D", folder_ + "/data", "-A", "trust", "-U", "broadsheet", "--no-sync",
                "--locale=C", "-E", "UTF8"},
               true) == 0;
}

// With `wait` its exit status, else its process.
pid_t TestServer::spawn(const std::vector<std::string>& words, bool wait) const {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  auto log = folder_ + "/log";
  auto child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(group_) != 0 || ::setuid(user_) != 0)) ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  if (!wait) return child;
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool TestServer::start() {
  server_ = spawn({programs_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=", "-c",
                   "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c",
                   "shared_buffers=64MB", "-c", "max_connections=60", "-c", "autovacuum=off"},
                  false);
  for (int i = 0; i < 1000; ++i) {
    if (postgres::Link::open(url("postgres"))) return true;
    if (::waitpid(server_, nullptr, WNOHANG) != 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  server_ = 0;
  return false;
}

void TestServer::stop() {
  if (server_ <= 0) return;
  ::kill(server_, SIGINT);
  ::waitpid(server_, nullptr, 0);
  server_ = 0;
}

std::string TestServer::url(const std::string& database) const {
  return "postgresql:///" + database + "?host=" + folder_ + "&user=broadsheet";
}

std::string TestServer::new_database(const std::string& options) {
  auto name = "d" + std::to_string(++databases_);
  auto link = postgres::Link::open(url("postgres"));
  EXPECT_TRUE(link) << link.error().what();
  auto made = (*link)->run("CREATE DATABASE " + name + " " + options);
  EXPECT_TRUE(made) << made.error().what();
  return url(name);
}

}  // namespace broadsheet::store
