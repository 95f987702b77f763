#include "tests/unit/fanout/judge.hpp"

#include <algorithm>
#include <map>

#include "tests/unit/fanout/fanout.hpp"

namespace broadsheet::fanout {
namespace {

constexpr std::size_t kKeyLength = 32;  // of a delivery key, with which the data of every button begins

void judge_chat(std::int64_t chat, const std::vector<fakes::TelegramMessage>& visible, int messages,
                std::map<std::string, int>& ambiguous, Verdict& out) {
  auto complain = [&](const char* what, int part) {
    out.problems.push_back(std::string(what) + ": " + std::to_string(chat) + " part " + std::to_string(part));
  };
  std::map<std::string, int> part_of;
  for (int part = 0; part < messages; ++part) part_of[key_of(chat, part)] = part;
  std::vector<int> parts, copies(static_cast<std::size_t>(messages));
  for (const auto& message : visible) {
    auto it = part_of.find(message.key.substr(0, kKeyLength));
    if (it == part_of.end()) continue;
    parts.push_back(it->second);
    ++copies[static_cast<std::size_t>(it->second)];
  }
  if (!std::is_sorted(parts.begin(), parts.end())) complain("disorder", 0);
  for (int part = 0; part < messages; ++part) {
    auto n = copies[static_cast<std::size_t>(part)];
    if (n == 0) complain("lost", part);
    if (n > (part > 0 ? 1 : 1 + ambiguous[key_of(chat, part)])) complain("doubled", part);
    out.doubled += static_cast<std::size_t>(std::max(0, n - 1));
  }
}

}  // namespace

Verdict judge(const fakes::FakeTelegram& telegram, store::Store& store, const std::vector<std::int64_t>& chats,
              int messages) {
  Verdict out;
  auto everything = chats.size() * static_cast<std::size_t>(messages);
  auto listed = store.outbox().list({.unknown_only = true, .limit = everything});
  if (!listed) return {{listed.error().what()}, 0, 0};
  std::map<std::string, int> ambiguous;
  for (const auto& row : *listed) ambiguous[row.key.str()] = row.times_unknown;
  for (auto chat : chats) judge_chat(chat, telegram.visible(chat), messages, ambiguous, out);
  out.unknown = listed->size();
  return out;
}

}  // namespace broadsheet::fanout
