// What kind of work a paper is, from what it says of itself. Pure; thread-safe.
#pragma once

#include "digest/model/paper.hpp"

namespace broadsheet::select {

struct Kinds {
  bool survey = false;     // a review of literature, a tutorial; not a telescope's survey, not a questionnaire
  bool benchmark = false;  // it brings a new one
  bool dataset = false;    // it brings a new one, or a corpus
};
Kinds kinds_of(const Paper& paper);

}  // namespace broadsheet::select
