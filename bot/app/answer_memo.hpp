// Answers to look-ups as they were rendered, for as long as no paper changes: the same few papers are asked for again
// and again. Used on the I/O thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "adapters/platform.hpp"

namespace broadsheet::app {

class AnswerMemo {
 public:
  using Message = std::shared_ptr<const model::OutgoingMessage>;

  // `revision`: of the papers that the answers were made from (store::PaperRepository::revision).
  Message find(const std::string& question, std::uint64_t revision) {
    forget_unless(revision);
    auto found = messages_.find(question);
    return found == messages_.end() ? nullptr : found->second;
  }
  void keep(std::string question, std::uint64_t revision, Message message) {
    forget_unless(revision);
    if (messages_.size() >= kMost) messages_.clear();
    messages_.insert_or_assign(std::move(question), std::move(message));
  }

 private:
  static constexpr std::size_t kMost = 2000;  // of about 4 kB each

  void forget_unless(std::uint64_t revision) {
    if (std::exchange(revision_, revision) != revision) messages_.clear();
  }

  std::uint64_t revision_ = 0;
  std::unordered_map<std::string, Message> messages_;
};

}  // namespace broadsheet::app
