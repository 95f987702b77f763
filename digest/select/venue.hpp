// Where a paper was taken, as its comment or journal reference says. Pure; thread-safe.
#pragma once

#include <string>

#include "digest/model/paper.hpp"

namespace broadsheet::select {

// "CVPR 2026", "Physical Review D", "accepted" where no name is given; "submitted to …" for what is not taken yet;
// "workshop at …" and "challenge at …", which are not their conference. Empty if the record names none.
std::string venue_of(const Paper& paper);
// Whether such a text says that a conference or journal took the paper.
bool is_taken(std::string_view venue);

}  // namespace broadsheet::select
