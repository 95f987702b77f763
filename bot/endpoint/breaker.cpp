#include "bot/endpoint/breaker.hpp"

#include <algorithm>

namespace broadsheet::endpoint {
namespace {

constexpr std::size_t kInRow = 5, kWindow = 20, kPermanentInRow = 3;
constexpr std::chrono::seconds kFirst{60}, kLongest{900}, kMoney{3600};

}  // namespace

void Breaker::open(Class why, Moment until) {
  why_ = why;
  open_until_ = until;
}

std::optional<Class> Breaker::closed_by(Moment now) const {
  if (now < open_until_) return why_;
  return std::nullopt;
}

void Breaker::note_failure(Class outcome, Moment now) {
  last_.push_back(true);
  if (last_.size() > kWindow) last_.pop_front();
  ++in_row_;
  auto failed = static_cast<std::size_t>(std::count(last_.begin(), last_.end(), true));
  bool half = last_.size() == kWindow && 2 * failed >= kWindow;
  if (in_row_ < kInRow && !half) return;
  open(outcome, now + next_);
  next_ = std::min(2 * next_, kLongest);
  last_.clear();
  in_row_ = kInRow - 1;  // the probe decides
}

void Breaker::note(Class outcome, Moment now, std::optional<std::chrono::milliseconds> told) {
  switch (outcome) {
    case Class::transient:
      return note_failure(outcome, now);
    case Class::wait:
      return;  // the one who was told says until when
    case Class::configuration:
      return open(outcome, Moment::max());
    case Class::out_of_money:
      return open(outcome, now + told.value_or(kMoney));
    case Class::permanent:
      if (++permanent_in_row_ < kPermanentInRow) return;
      permanent_in_row_ = 0;
      return open(outcome, now + kFirst);
    default:
      next_ = kFirst;
      in_row_ = permanent_in_row_ = 0;
      last_.push_back(false);
      if (last_.size() > kWindow) last_.pop_front();
  }
}

}  // namespace broadsheet::endpoint
