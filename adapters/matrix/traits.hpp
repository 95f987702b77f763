// What is known of the platform without speaking to it.
#pragma once

#include "bot/model/platform_traits.hpp"

namespace broadsheet::matrix {

// Registers them the first time.
const model::PlatformTraits& traits();

}  // namespace broadsheet::matrix
