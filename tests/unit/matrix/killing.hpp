// kill -9 against a homeserver, real or fake (design: reliability F05-F10, F31): rows are put into an outbox, a program
// sends them and is killed again and again.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "adapters/matrix/matrix.hpp"
#include "bot/base/hash.hpp"
#include "bot/store/store.hpp"
#include "tests/unit/store/folder.hpp"

namespace broadsheet::matrix {

// A root and its cards for each room; bodies "root", "card 1", "card 2" …
inline void enqueue_posts(const std::string& folder, const std::vector<std::string>& rooms, int cards,
                          const std::string& group) {
  auto store = store::open_store({.data_dir = folder});
  ASSERT_TRUE(store);
  auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  if (auto known = (*store)->values().get("test.clock"); known && *known)
    now = Moment(std::chrono::milliseconds(std::stoll(**known)));
  std::vector<model::NewRow> rows;
  for (int part = 0; part <= cards; ++part)
    for (const auto& room : rooms) {
      model::NewRow row;
      row.target = {"matrix", {}, room, {}};
      row.group = group;
      row.part = part;
      row.key = model::DeliveryKey(short_sha256(group + room + "/" + std::to_string(part)));
      auto text = part == 0 ? std::string("root") : "card " + std::to_string(part);
      auto kind = part == 0 ? model::PartKind::summary : model::PartKind::card;
      auto body = R"({"msgtype":"m.notice","body":")" + text + R"(","m.mentions":{}})";
      row.message = {kind, part > 0, body, text};
      row.due = now;
      row.expires = now + std::chrono::hours(24 * 30);
      rows.push_back(std::move(row));
    }
  ASSERT_TRUE((*store)->outbox().enqueue(model::SlotName(group), rows, now));
}

// One life of the program.
class Sending {
 public:
  explicit Sending(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{BROADSHEET_SENDER};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ~Sending() {
    kill();
    if (!ended_) ::waitpid(pid_, &status_, 0);
  }
  Sending(const Sending&) = delete;
  Sending& operator=(const Sending&) = delete;

  void kill() const {
    if (!ended_) ::kill(pid_, SIGKILL);
  }
  // Whether it ended, by itself or killed, within that time.
  bool ends(std::chrono::microseconds within) {
    auto end = std::chrono::steady_clock::now() + within;
    while (!ended_) {
      ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
      if (ended_ || std::chrono::steady_clock::now() > end) break;
      ::usleep(300);
    }
    return ended_;
  }
  bool finished() const { return ended_ && WIFEXITED(status_) && WEXITSTATUS(status_) == 0; }

 private:
  std::atomic<pid_t> pid_ = -1;
  int status_ = 0;
  std::atomic<bool> ended_ = false;  // asked by the fake's thread too
};

}  // namespace broadsheet::matrix
