// Every test program knows the grammar of the platforms' targets, as every program of ours does.
#include "adapters/matrix/traits.hpp"
#include "adapters/preview/traits.hpp"
#include "adapters/slack/traits.hpp"
#include "adapters/telegram/traits.hpp"

namespace broadsheet {
namespace {

[[maybe_unused]] const bool registered = [] {
  for (auto* traits : {slack::traits, matrix::traits, telegram::traits, preview::traits}) traits();
  return true;
}();

}  // namespace
}  // namespace broadsheet
