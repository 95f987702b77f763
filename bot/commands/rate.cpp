#include "bot/commands/rate.hpp"

namespace broadsheet::commands {
namespace {

constexpr std::chrono::seconds kWindow{60};
constexpr std::size_t kMany = 10'000;  // people remembered before the idle ones are forgotten

}  // namespace

RateWindow::Verdict RateWindow::take(const std::string& who, SteadyMoment now) {
  if (most_ == 0) return {};
  if (taken_.size() >= kMany) forget_old(now);
  auto& mine = taken_[who];
  while (!mine.times.empty() && now - mine.times.front() >= kWindow) mine.times.pop_front();
  if (mine.times.size() < most_) {
    mine.times.push_back(now);
    return {};
  }
  Verdict out;
  out.tell = !mine.told || now - *mine.told >= kWindow;
  if (out.tell) mine.told = now;
  auto since = mine.times.empty() ? now : mine.times.front();
  out.wait = std::chrono::ceil<std::chrono::seconds>(since + kWindow - now);
  return out;
}

void RateWindow::forget_old(SteadyMoment now) {
  std::erase_if(taken_, [&](const auto& entry) {
    const auto& times = entry.second.times;
    return times.empty() || now - times.back() >= kWindow;
  });
}

}  // namespace broadsheet::commands
