// What the homeserver lets one account say (contracts: Matrix 8): a bucket with Synapse's numbers, drawn from by cards
// and answers alike. Cards wait for it, answers overtake them; what a 429 tells is learnt. The homeserver counts when a
// message reaches it, so we count when it was answered: never earlier than it does. Internal to the adapter.
#pragma once

#include <algorithm>
#include <chrono>

#include "bot/base/clock.hpp"

namespace broadsheet::matrix {

class Allowance {
 public:
  Allowance(Clock& clock, double per_second, double burst)
      : clock_(clock), per_second_(per_second), burst_(burst), left_(burst), at_(clock.steady_now()) {}

  double per_second() const { return per_second_; }
  double burst() const { return burst_; }
  // How long a card has to wait; zero: it may go. `wanted`: so many places have to be free.
  std::chrono::milliseconds wait(double wanted = 1) {
    refill();
    double free = left_ - under_way_;
    if (free >= wanted) return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(1 + static_cast<std::int64_t>((wanted - free) / per_second_ * 1000));
  }
  // When nothing of what was spent will be missing any more, counted from now; and back, after a restart.
  std::chrono::milliseconds debt() {
    refill();
    return std::chrono::milliseconds(static_cast<std::int64_t>((burst_ - left_ + under_way_) / per_second_ * 1000));
  }
  void owe(std::chrono::milliseconds debt) {
    refill();
    left_ = std::min(left_, burst_ - std::chrono::duration<double>(debt).count() * per_second_);
  }
  // A message on its way holds its place until it was answered.
  class [[nodiscard]] Place {
   public:
    explicit Place(Allowance& allowance) : allowance_(allowance) { ++allowance_.under_way_; }
    ~Place() { --allowance_.under_way_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Allowance& allowance_;
  };
  void taken() {
    refill();
    left_ = std::max(left_ - 1, -burst_);
  }
  // The first refusal may be the debt of an earlier run of ours; later ones say that the limit is lower.
  void refused() {
    refill();
    if (refused_before_) per_second_ = std::max(kSlowest, per_second_ * 0.8);
    refused_before_ = true;
    left_ = std::min(left_, 0.0);
  }

 private:
  static constexpr double kSlowest = 0.05;
  void refill() {
    auto now = clock_.steady_now();
    left_ = std::min(burst_, left_ + std::chrono::duration<double>(now - at_).count() * per_second_);
    at_ = now;
  }

  Clock& clock_;
  double per_second_, burst_, left_;
  int under_way_ = 0;
  SteadyMoment at_;
  bool refused_before_ = false;
};

}  // namespace broadsheet::matrix
